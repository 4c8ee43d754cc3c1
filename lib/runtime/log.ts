type Fields = Record<string, unknown>

/** What may be said of an error: never a body, a token or a person's data. */
const describe = (error: unknown): Fields =>
  error instanceof Error
    ? {
        name: error.name,
        message: error.message,
        stack: error.stack,
        ...(error.cause !== undefined && { cause: describe(error.cause) }),
      }
    : { message: String(error) }

/** One JSON object a line. */
export const log = {
  info: (message: string, fields: Fields = {}) => console.info(JSON.stringify({ level: 'info', message, ...fields })),
  error: (message: string, error: unknown, fields: Fields = {}) =>
    console.error(JSON.stringify({ level: 'error', message, ...fields, error: describe(error) })),
}

import { ServiceError } from '../../lib/core/errors.ts'

export type Output = { stdout: NodeJS.WritableStream; stderr: NodeJS.WritableStream }

/** Returns the exit code: 0 done, 1 failed or bad data, 2 bad arguments. */
export type Command = (args: string[], output?: Output) => Promise<number>

type Definition<Request> = {
  /** The call in the first line, below it what it does and what its options mean. */
  help: string
  /** Throws on arguments that cannot be used. */
  requestOf: (args: string[]) => Request
  run: (request: Request, output: Output) => Promise<number>
}

/** Writes and waits until it is written, also into a slow pipe. */
export const writeAll = (stream: NodeJS.WritableStream, text: string) =>
  new Promise<void>((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()))
  })

const textOf = (error: Error) => {
  const details = error instanceof ServiceError ? error.details : []
  return [error.message, ...details.map(({ target, message }) => `  ${target}: ${message}`), ''].join('\n')
}

/** A bug has neither a code of ours nor one of the system. */
const isTold = (error: unknown): error is Error => error instanceof ServiceError || (error instanceof Error && 'code' in error)

/** A command that explains itself, and whose failures are messages and exit codes. */
export const command =
  <Request>({ help, requestOf, run }: Definition<Request>): Command =>
  async (args, output = process) => {
    const { stdout, stderr } = output
    const told = async (code: number, error: unknown, hint = '') => {
      if (!isTold(error)) throw error
      await writeAll(stderr, `${textOf(error)}${hint}`)
      return code
    }
    if (args.includes('--help')) {
      await writeAll(stdout, help)
      return 0
    }
    let request: Request
    try {
      request = requestOf(args)
    } catch (error) {
      return told(2, error, `${help.split('\n', 1)[0]}\n--help tells more.\n`)
    }
    return run(request, output).catch((error: unknown) => told(1, error))
  }

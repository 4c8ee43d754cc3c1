import { ServiceError } from '../../lib/core/errors.ts'

/** Refuses an argument. */
export const refuse = (message: string): never => {
  throw new ServiceError('invalid_request', message)
}

/** The one file that a command is about. */
export const fileOf = (positionals: string[], what: string): string => {
  const [file = refuse(`the file is missing: ${what}`), ...more] = positionals
  return more.length > 0 ? refuse(`one file at a time: ${more.join(' ')} is too much`) : file
}

export const periodOf = (text: string): string =>
  /^\d{4}-(0[1-9]|1[0-2])$/.test(text) ? text : refuse(`--period ${text}: a month, like 2026-01`)

export const secondsOf = (option: string, text: string): number =>
  /^\d{1,5}$/.test(text) ? Number(text) : refuse(`${option} ${text}: whole seconds, like 60`)

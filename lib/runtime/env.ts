/** A setting of this function. Read at load time, so that a missing one fails the deployment and not a request. */
export const env = (name: string): string => {
  const value = process.env[name]
  if (value === undefined || value === '') throw new Error(`the environment variable ${name} is not set`)
  return value
}

/** A setting that is not everywhere. */
export const envIfSet = (name: string): string | undefined => process.env[name] || undefined

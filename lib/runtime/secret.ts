import { unavailable } from '../core/errors.ts'
import { clock } from './clock.ts'

const read = async (arn: string) => {
  // Loaded when it is needed: once in ten minutes, and not while the function starts.
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager')
  return await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: arn }))
}

const KEPT_MS = 10 * 60_000

/** A secret of AWS Secrets Manager; a rotated one is noticed within ten minutes. */
export const secretOf = (arn: string) => {
  let kept = { value: '', until: 0 }
  return async (): Promise<string> => {
    if (kept.until > clock.now().getTime()) return kept.value
    const { SecretString } = await read(arn)
    if (!SecretString) throw unavailable(`the secret ${arn} is empty: put the secret into it as text`)
    kept = { value: SecretString, until: clock.now().getTime() + KEPT_MS }
    return SecretString
  }
}

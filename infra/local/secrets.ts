import type { Exchange, StandIn } from './marketplaces/stand-in.ts'

/** Secrets Manager's GetSecretValue, as the real client speaks it, over a few fixed secrets. */
export const secretsStandIn = (secrets: Record<string, string>): StandIn => ({
  tick: async () => {},
  answer: async ({ headers, body }: Exchange) => {
    if (headers['x-amz-target'] !== 'secretsmanager.GetSecretValue') return undefined
    const { SecretId = '' } = JSON.parse(body) as { SecretId?: string }
    const value = secrets[SecretId]
    if (value === undefined)
      return { status: 400, body: { __type: 'ResourceNotFoundException', Message: `no secret ${SecretId}` } }
    return {
      status: 200,
      headers: { 'content-type': 'application/x-amz-json-1.1' },
      body: { ARN: SecretId, Name: SecretId, SecretString: value },
    }
  },
})

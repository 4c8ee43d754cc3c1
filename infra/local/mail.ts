import * as z from 'zod'
import type { Fault } from './marketplaces/faults.ts'
import type { Answer, Exchange, StandIn, World } from './marketplaces/stand-in.ts'

const PATH = '/v2/email/outbound-emails'
const SCOPE = /Credential=[^/,\s]+\/\d{8}\/[a-z0-9-]+\/ses\/aws4_request\b/
const COLLECTION = 'mails'

const Text = z.strictObject({ Data: z.string().min(1), Charset: z.string().optional() })
const Address = z.string().regex(/^[^@\s]+@[^@\s]+\.[^@\s]+$/)
const Request = z.strictObject({
  FromEmailAddress: Address,
  Destination: z.strictObject({ ToAddresses: z.array(Address).min(1).max(50) }),
  Content: z.strictObject({ Simple: z.strictObject({ Subject: Text, Body: z.strictObject({ Text }) }) }),
})

export type Mail = { id: string; at: string; from: string; to: string[]; subject: string; text: string }

/** All mails that were taken, in the order in which they were. */
export const mailsOf = async ({ shelf }: Pick<World, 'shelf'>): Promise<Mail[]> =>
  (await shelf.list<Mail>(COLLECTION)).toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))

const failed = (status: number, type: string, message: string): Answer => ({
  status,
  headers: { 'x-amzn-errortype': type },
  body: { message },
})

const notVerified = (addresses: string[]) =>
  failed(
    400,
    'MessageRejected',
    `Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: ${addresses.join(', ')}`,
  )

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const instead = (fault: Fault, to: string[]): Answer | undefined => {
  if (fault.kind === 'error')
    return failed(fault.status, 'InternalServiceErrorException', 'an internal failure: retry the request')
  if (fault.kind === 'throttle') return failed(429, 'TooManyRequestsException', 'Maximum sending rate exceeded.')
  return fault.kind === 'reject' ? notVerified(to) : undefined
}

const take = async ({ shelf, now, newId }: World, { FromEmailAddress, Destination, Content }: z.infer<typeof Request>) => {
  const { Subject, Body } = Content.Simple
  const id = `0107${newId(40)}-000000`
  const words = { from: FromEmailAddress, to: Destination.ToAddresses, subject: Subject.Data, text: Body.Text.Data }
  await shelf.put(COLLECTION, id, { id, at: now().toISOString(), ...words } satisfies Mail)
  return { status: 200, body: { MessageId: id } }
}

/** SES's SendEmail, as the real client speaks it, with one verified sender. What it takes goes nowhere and is kept to be read. */
export const mailStandIn = (world: World, sender: string): StandIn => ({
  tick: async () => {},
  answer: async ({ method, path, headers, body }: Exchange) => {
    if (method !== 'POST' || path !== PATH) return undefined
    if (!SCOPE.test(headers['authorization'] ?? ''))
      return failed(403, 'AccessDeniedException', 'sign the request for the service ses')
    const { success, data, error } = Request.safeParse(jsonOf(body))
    if (!success)
      return failed(400, 'BadRequestException', `not a mail: ${error.issues.map((each) => each.path.join('.')).join(', ')}`)
    if (data.FromEmailAddress !== sender) return notVerified([data.FromEmailAddress])
    const fault = world.faults.take('aws.ses.SendEmail')
    const refusal = fault && instead(fault, data.Destination.ToAddresses)
    if (refusal) return refusal
    const taken = await take(world, data)
    return fault?.kind === 'reset' ? 'reset' : taken
  },
})

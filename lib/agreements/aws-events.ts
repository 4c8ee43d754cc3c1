import { unprocessable } from '../core/errors.ts'
import { Instant } from '../core/period.ts'
import * as z from '../core/schema.ts'

/**
 * What an event of AWS Marketplace gives reason to do. Events are late, doubled, out of order and poor in detail:
 * they only say where to look, so a Proposer's and a Manufacturer's event of one agreement come to the same. Of an agreement that a
 * reseller has made from an authorisation of ours nothing can be read: there the event is all that is told.
 */
export type AwsEvent =
  | { kind: 'change-set'; changeSetName: string; changeSetId: string }
  | { kind: 'agreement'; agreementId: string }
  | ({ kind: 'resold' } & Resold)
  | { kind: 'offer-released'; externalId: string }
  | { kind: 'ignored'; why: string }

/** An agreement of another seller, made at an instant from an authorisation that it has of us. */
export type Resold = { authorizationId: string; agreementId: string; at: string }

// What is no id counts as missing: only the event that needs it is malformed.
const id = z.catch(z.optional(z.text()), undefined)
const block = z.catch(z.optional(z.object({ id })), undefined)
const party = z.catch(z.optional(z.object({ accountId: id })), undefined)
const agreed = z.catch(z.optional(z.object({ id, acceptanceTime: z.catch(z.optional(Instant), undefined) })), undefined)
const Envelope = z.object({
  source: z.string(),
  account: id,
  'detail-type': z.string(),
  resources: z.catch(z.array(z.string()), []),
  detail: z.catch(
    z.object({
      ChangeSetId: id,
      ChangeSetName: id,
      agreement: agreed,
      offer: block,
      resaleAuthorization: block,
      proposer: party,
    }),
    {},
  ),
})
type Envelope = z.infer<typeof Envelope>

const malformed = (target: string, message: string) =>
  unprocessable(`an event of AWS Marketplace cannot be read: ${target} ${message}`, [{ target, message }])

/** The id in the detail, or else at the end of the resource's ARN. */
const idOf = (id: string | undefined, { resources, 'detail-type': type }: Envelope, arn: RegExp, target: string): string => {
  const found = id ?? resources.map((resource) => arn.exec(resource)?.[1]).find(Boolean)
  if (!found) throw malformed(target, `is missing in "${type}"`)
  return found
}

const changeSet = (event: Envelope): AwsEvent => ({
  kind: 'change-set',
  changeSetName: event.detail.ChangeSetName ?? '',
  changeSetId: idOf(event.detail.ChangeSetId, event, /ChangeSet\/(.+)$/, 'detail.ChangeSetId'),
})

const agreement = (event: Envelope) => ({
  kind: 'agreement' as const,
  agreementId: idOf(event.detail.agreement?.id, event, /agreement[:/](.+)$/, 'detail.agreement.id'),
})

/** Whether someone else sells: the account of an event is the one that it was sent to. */
const isForeign = ({ account, detail }: Envelope) => account !== undefined && (detail.proposer?.accountId ?? account) !== account

/** Our part in it is to have made the product. */
const manufactured = (event: Envelope): AwsEvent => {
  if (!isForeign(event)) return agreement(event)
  const { agreement: made, resaleAuthorization } = event.detail
  if (!resaleAuthorization?.id || !made?.acceptanceTime)
    return { kind: 'ignored', why: 'it tells of an agreement of another seller, but not of its acceptance' }
  const { agreementId } = agreement(event)
  return { kind: 'resold', authorizationId: resaleAuthorization.id, agreementId, at: made.acceptanceTime }
}

const offerReleased = (event: Envelope): AwsEvent => ({
  kind: 'offer-released',
  externalId: idOf(event.detail.offer?.id, event, /Offer\/(.+)$/, 'detail.offer.id'),
})

const ignored = (why: string) => (): AwsEvent => ({ kind: 'ignored', why })

// By source and detail type without spaces and hyphens, which AWS does not always write as documented.
const MEANINGS: [RegExp, (event: Envelope) => AwsEvent][] = [
  [/^aws\.marketplacecatalog:changeset/, changeSet],
  [/^aws\.marketplacecatalog:offerreleased/, offerReleased],
  [/^aws\.marketplacecatalog:offersetreleased/, ignored('the change set that released it tells the same')],
  [/^aws\.marketplacecatalog:productssecurityreport/, ignored('it tells of nothing that Cosell keeps')],
  [/^aws\.agreementmarketplace:.*acceptor$/, ignored('it tells of something that this account bought itself')],
  [/^aws\.agreementmarketplace:.*(agreement|license).*manufacturer$/, manufactured],
  [/^aws\.agreementmarketplace:.*(agreement|license)/, agreement],
]

/** What an EventBridge event means to us; a malformed or unknown one is `unprocessable`, so that it goes to the dead letters. */
export const parseAwsEvent = (message: unknown): AwsEvent => {
  const parsed = Envelope.safeParse(message)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw malformed(issue?.path.join('.') || 'event', issue?.message ?? 'is no event')
  }
  const { source, 'detail-type': type } = parsed.data
  const [, mean] = MEANINGS.find(([pattern]) => pattern.test(`${source}:${type}`.replace(/[\s-]/g, '').toLowerCase())) ?? []
  if (!mean) throw malformed('detail-type', `"${type}" of ${source} is not known to Cosell`)
  return mean(parsed.data)
}

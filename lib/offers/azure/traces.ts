import type { Outcome } from '../marketplace.ts'
import type { AzureOffer } from '../offer.ts'
import { isAccepted, isBreakdown, isLive, isWithdrawn, type Job, type PrivateOffer } from './answers.ts'
import { azureCall } from './call.ts'
import type { Ingestion } from './ingestion.ts'
import { ACCEPTED, idOf, orNone } from './lookup.ts'
import { uniqueName } from './name.ts'
import { refusalsOf } from './refusals.ts'

const CANCELLED = {
  code: 'job_cancelled',
  target: 'offer',
  message: 'the job was cancelled at Microsoft: submit the offer again',
}

const failed = (...problems: (typeof CANCELLED)[]): Outcome => ({ state: 'failed', retry: false, problems })

export const succeeded = ({ guid, name, acceptanceLink }: PrivateOffer, at: string): Outcome => ({
  state: 'succeeded',
  externalId: guid,
  externalName: name,
  at,
  ...(acceptanceLink && { acceptanceLink }),
})

export const failureOf = (offer: AzureOffer, { result, errors }: Job): Outcome => {
  if (result === 'cancelled' && errors.length === 0) return failed(CANCELLED)
  const said = errors.length > 0 ? errors : [{ code: result, message: 'the job failed without a reason' }]
  return { state: 'failed', retry: said.every(isBreakdown), problems: refusalsOf(offer, said) }
}

/** What an originator sent us keeps its id and name: published, it is live. */
const published = async (api: Ingestion, { receivedOfferId = '' }: AzureOffer, at: string): Promise<Outcome | undefined> => {
  const current = await orNone(api.privateOffer(receivedOfferId))
  return current && isLive(current) ? succeeded(current, at) : undefined
}

/** A draft is what a lost job leaves before it publishes, or after it failed: no customer sees it, so it does not count. */
const created = async (api: Ingestion, offer: AzureOffer, at: string): Promise<Outcome | undefined> => {
  if (offer.kind === 'multiparty-selling-partner') return published(api, offer, at)
  for await (const guid of api.named(uniqueName(offer))) {
    const found = await api.privateOffer(guid)
    if (isLive(found)) return succeeded(found, at)
  }
  return undefined
}

const gone = (offer: AzureOffer, at: string): Outcome => ({ state: 'succeeded', externalId: idOf(offer), at })

const withdrawn = async (api: Ingestion, offer: AzureOffer, at: string): Promise<Outcome | undefined> => {
  const current = await orNone(api.privateOffer(idOf(offer)))
  if (!current) return gone(offer, at)
  if (isAccepted(current)) return failed(ACCEPTED)
  return isWithdrawn(current) ? succeeded(current, at) : undefined
}

const deleted = async (api: Ingestion, offer: AzureOffer, at: string): Promise<Outcome | undefined> =>
  (await orNone(api.privateOffer(idOf(offer)))) ? undefined : gone(offer, at)

const TRACES = { create: created, withdraw: withdrawn, delete: deleted }

/** What the offer itself shows of a call: what a failed or cancelled job has done stays done, and people act in Partner Center too. */
export const trace = (api: Ingestion, offer: AzureOffer, at: string) => TRACES[azureCall(offer)](api, offer, at)

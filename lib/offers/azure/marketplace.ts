import { unavailable } from '../../core/errors.ts'
import type { AzureClient } from '../../runtime/azure.ts'
import { clock } from '../../runtime/clock.ts'
import type { Acceptance, Marketplace, Outcome } from '../marketplace.ts'
import type { AzureOffer, Offer } from '../offer.ts'
import {
  acceptedAt,
  endOf,
  isAccepted,
  isBreakdown,
  isLive,
  isWithdrawn,
  type Job,
  type PrivateOffer,
  problemOf,
} from './answers.ts'
import { type Ingestion, ingestion } from './ingestion.ts'
import { uniqueName } from './name.ts'
import { configureRequest, withdrawal } from './plan.ts'
import { azurePlanner, onAzure } from './planner.ts'

/** Publishing takes up to 15 minutes. */
const RECOVERY_S = 1200

const idOf = ({ id, externalId }: Offer): string => {
  if (!externalId) throw new TypeError(`offer ${id} was never released`)
  return externalId
}

const isWithdrawal = ({ submission }: Offer) => submission?.kind === 'withdraw'

const ACCEPTED = {
  code: 'already_accepted',
  target: 'status',
  message: 'the customer has accepted: only Microsoft support can cancel now, with the written consent of the customer',
}

const CANCELLED = {
  code: 'job_cancelled',
  target: 'offer',
  message: 'the job was cancelled at Microsoft: submit the offer again',
}

const RUNNING: Outcome = { state: 'running' }

const failed = (...problems: (typeof CANCELLED)[]): Outcome => ({ state: 'failed', retry: false, problems })

const succeeded = ({ guid, acceptanceLink }: PrivateOffer, at: string): Outcome => ({
  state: 'succeeded',
  externalId: guid,
  at,
  ...(acceptanceLink && { acceptanceLink }),
})

const failureOf = ({ result, errors }: Job): Outcome => {
  if (result === 'cancelled' && errors.length === 0) return failed(CANCELLED)
  const said = errors.length > 0 ? errors : [{ code: result, message: 'the job failed without a reason' }]
  return { state: 'failed', retry: said.every(isBreakdown), problems: said.map(problemOf) }
}

const refuseOrSend = async (api: Ingestion, offer: AzureOffer): ReturnType<Marketplace['send']> => {
  if (!isWithdrawal(offer)) return send(api, configureRequest(offer))
  const current = await api.privateOffer(idOf(offer))
  return isAccepted(current) ? { refused: [ACCEPTED] } : send(api, withdrawal(current.guid, current.name))
}

const send = async (api: Ingestion, request: unknown): ReturnType<Marketplace['send']> => {
  const answer = await api.configure(request)
  if (answer.ok) return { jobId: answer.body.jobId }
  if (answer.status === 409)
    throw unavailable(`Microsoft is busy with this product: ${answer.errors.map(({ message }) => message).join('; ')}`)
  return { refused: answer.errors.map(problemOf) }
}

/** A draft is what a lost job leaves before it publishes, or after it failed: no customer sees it, so it does not count. */
const created = async (api: Ingestion, offer: AzureOffer, at: string): Promise<Outcome | undefined> => {
  for await (const guid of api.named(uniqueName(offer))) {
    const found = await api.privateOffer(guid)
    if (isLive(found)) return succeeded(found, at)
  }
  return undefined
}

const withdrawn = async (api: Ingestion, offer: AzureOffer, at: string): Promise<Outcome | undefined> => {
  const current = await api.privateOffer(idOf(offer))
  if (isAccepted(current)) return failed(ACCEPTED)
  return isWithdrawn(current) ? succeeded(current, at) : undefined
}

/** What the offer itself shows of a call: what a failed or cancelled job has done stays done, and people act in Partner Center too. */
const trace = (api: Ingestion, offer: AzureOffer, at: string) => (isWithdrawal(offer) ? withdrawn : created)(api, offer, at)

const recover = async (api: Ingestion, offer: AzureOffer, now: string): ReturnType<Marketplace['recover']> => {
  const outcome = await trace(api, offer, now)
  return outcome && { outcome }
}

const observe = async (api: Ingestion, offer: AzureOffer, now: string): Promise<Outcome> => {
  const jobId = offer.submission?.jobId ?? ''
  const job = await api.job(jobId)
  if (!job.done) return RUNNING
  const at = endOf(job) ?? now
  const isDone = job.result === 'succeeded'
  if (isDone && !isWithdrawal(offer)) return succeeded(await api.made(jobId), at)
  return (await trace(api, offer, at)) ?? (isDone ? RUNNING : failureOf(job))
}

const acceptance = async (api: Ingestion, offer: AzureOffer, now: string): Promise<Acceptance | undefined> => {
  const current = await api.privateOffer(idOf(offer))
  return isAccepted(current) ? { at: acceptedAt(current, offer.releasedAt ?? offer.requestedAt, now) } : undefined
}

type Dependencies = { client: AzureClient; ingestionUrl: string; now?: () => Date }

/** Private offers on Microsoft's marketplace, through Product Ingestion. */
export const azureMarketplace = ({ client, ingestionUrl, now = () => clock.now() }: Dependencies): Marketplace => {
  const api = ingestion(client, ingestionUrl)
  const instant = () => now().toISOString()
  return {
    ...azurePlanner,
    send: (offer) => refuseOrSend(api, onAzure(offer)),
    recover: (offer) => recover(api, onAzure(offer), instant()),
    recoverySeconds: RECOVERY_S,
    observe: (offer) => observe(api, onAzure(offer), instant()),
    acceptance: (offer) => acceptance(api, onAzure(offer), instant()),
  }
}

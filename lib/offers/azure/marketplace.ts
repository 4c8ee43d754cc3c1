import type { AzureClient } from '../../runtime/azure.ts'
import { clock } from '../../runtime/clock.ts'
import type { Marketplace, Outcome } from '../marketplace.ts'
import type { AzureOffer } from '../offer.ts'
import { acceptedAt, awaits, endOf, isAccepted, isLive } from './answers.ts'
import { type Ingestion, ingestion } from './ingestion.ts'
import { callOf, idOf, orNone } from './lookup.ts'
import { type AzureSettings, azurePlanner, onAzure } from './planner.ts'
import { sendCall } from './sending.ts'
import { failureOf, succeeded, trace } from './traces.ts'

/** Publishing takes up to 15 minutes. */
const RECOVERY_S = 1200

const RUNNING: Outcome = { state: 'running' }

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
  if (isDone && callOf(offer) === 'create') return succeeded(await api.made(jobId), at)
  return (await trace(api, offer, at)) ?? (isDone ? RUNNING : failureOf(offer, job))
}

/** Resellers accept nothing: what they may sell is on sale. */
const acceptance = async (api: Ingestion, offer: AzureOffer, now: string): ReturnType<Marketplace['acceptance']> => {
  if (offer.kind === 'csp') return undefined
  const current = await orNone(api.privateOffer(idOf(offer)))
  if (!current) return undefined
  if (isAccepted(current)) return { at: acceptedAt(current, offer.releasedAt ?? offer.requestedAt, now) }
  if (offer.kind !== 'multiparty-originator' || !isLive(current)) return undefined
  return { awaits: awaits(current), ...(current.acceptanceLink && { acceptanceLink: current.acceptanceLink }) }
}

type Dependencies = { client: AzureClient; ingestionUrl: string; settings: AzureSettings; now?: () => Date }

/** Private offers on Microsoft's marketplace, through Product Ingestion. */
export const azureMarketplace = ({ client, ingestionUrl, settings, now = () => clock.now() }: Dependencies): Marketplace => {
  const api = ingestion(client, ingestionUrl)
  const instant = () => now().toISOString()
  return {
    ...azurePlanner(settings),
    send: (offer) => sendCall(api, onAzure(offer)),
    recover: (offer) => recover(api, onAzure(offer), instant()),
    recoverySeconds: RECOVERY_S,
    observe: (offer) => observe(api, onAzure(offer), instant()),
    acceptance: (offer) => acceptance(api, onAzure(offer), instant()),
  }
}

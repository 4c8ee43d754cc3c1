import type { Resource } from './configure.ts'
import { changed, type Failure, type Offer, type Situation } from './offer-state.ts'
import type { PrivateOffer } from './private-offer.ts'

/** A configure request on its way. `lastPoll` and `end` are instants; without an end it is not decided yet. */
export type Job = {
  jobId: string
  started: string
  resources: Resource[]
  lastPoll?: string
  end?: string
  result: 'pending' | 'succeeded' | 'failed' | 'cancelled'
  errors: Failure[]
  /** The ids of what it wrote, in the order of the request. */
  produced: string[]
}

const RUNS_AFTER_MS = 30_000
const ENDS_AFTER_MS = 180_000
export const POLL_INTERVAL_MS = 60_000

const age = ({ started }: Job, now: Date) => now.getTime() - Date.parse(started)

export const isDue = (job: Job, now: Date) => !job.end && age(job, now) >= ENDS_AFTER_MS
export const endOf = ({ started }: Job) => new Date(Date.parse(started) + ENDS_AFTER_MS)

const sevenDecimals = (instant: string) => instant.replace('Z', '0000Z')

/** The status of a job; year 1 stands for "not ended". */
export const statusView = (job: Job, now: Date) => ({
  $schema: 'https://schema.mp.microsoft.com/schema/configure-status/2022-07-01',
  jobId: job.jobId,
  jobStatus: job.end ? 'completed' : age(job, now) >= RUNS_AFTER_MS ? 'running' : 'notStarted',
  jobResult: job.result,
  jobStart: sevenDecimals(job.started),
  jobEnd: job.end ? sevenDecimals(job.end) : '0001-01-01',
  errors: job.errors,
  // Another host than the one that was called, and none for what was deleted.
  ...(job.produced.length > 0 && { resourceUri: `https://product-ingestion.mp.microsoft.com/configure/${job.jobId}` }),
})

/** What a job leaves: the offers it wrote, the guids it removed, the job itself. Nothing is written when anything fails. */
export type Done = { job: Job; offers: Offer[]; removed: string[] }

/** Carries out a job whose time has come. */
export const run = (job: Job, world: Omit<Situation, 'named'>): Done => {
  const done: Done = { job: { ...job, result: 'succeeded', end: world.now, produced: [] }, offers: [], removed: [] }
  const situation: Situation = { ...world, named: {} }
  const errors: Failure[] = []
  for (const resource of job.resources) {
    if (resource.kind === 'price') situation.named[resource.price.resourceName] = resource.price
    else errors.push(...carryOut(resource.offer, situation, done))
  }
  if (errors.length > 0) return { job: { ...job, result: 'failed', end: world.now, errors }, offers: [], removed: [] }
  return done
}

const carryOut = (wanted: PrivateOffer, situation: Situation, done: Done): Failure[] => {
  const current = situation.offers.find(({ guid }) => `private-offer/${guid}` === wanted.id)
  const outcome = changed(wanted, current, situation)
  if ('failures' in outcome) return outcome.failures
  if (outcome.offer) {
    done.offers.push(outcome.offer)
    done.job.produced.push(outcome.offer.guid)
  } else if (current) done.removed.push(current.guid)
  return []
}

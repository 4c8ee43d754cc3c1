import { unavailable } from '../../lib/core/errors.ts'
import type { Marketplace, Outcome } from '../../lib/offers/marketplace.ts'
import type { Offer } from '../../lib/offers/offer.ts'

/** What becomes of one call: it is done, or its job breaks down or is refused, or it is refused at once, or call or answer is lost. */
export const FATES = ['done', 'breaks down', 'is refused later', 'is refused', 'is lost', 'loses its answer'] as const
export type Fate = (typeof FATES)[number]

type Job = { id: string; token: string; at: number; outcome: Outcome }

const PROBLEMS = [{ code: 'NO', target: 'price', message: 'not so' }]
const JOB_S = 60
/** A job shows to who looks for it only after so long. */
const SHOWS_AFTER_S = 240

/** A marketplace that keeps no token twice apart: a call that goes out twice makes two offers. */
export const scriptedMarketplace = (fates: Fate[], now: () => number) => {
  const jobs: Job[] = []
  const offers = new Map<string, 'live' | 'withdrawn' | 'accepted'>()
  const sent: string[] = []
  const tokenOf = ({ id, submission }: Offer) => `${id}.${submission?.kind}.${submission?.attempt}`
  const at = () => new Date(now()).toISOString()

  const carryOut = (offer: Offer, fate: Fate): Outcome => {
    if (fate === 'breaks down') return { state: 'failed', retry: true, problems: PROBLEMS }
    if (fate === 'is refused later') return { state: 'failed', retry: false, problems: PROBLEMS }
    const externalId = offer.submission?.kind === 'withdraw' ? (offer.externalId ?? '') : `ext-${offers.size + 1}`
    if (offers.get(externalId) === 'accepted') return { state: 'failed', retry: false, problems: PROBLEMS }
    offers.set(externalId, offer.submission?.kind === 'withdraw' ? 'withdrawn' : 'live')
    return { state: 'succeeded', externalId, at: at() }
  }
  const outcomeOf = ({ at: startedAt, outcome }: Job): Outcome =>
    now() - startedAt < JOB_S * 1000 ? { state: 'running' } : outcome

  const marketplace: Marketplace = {
    plan: () => ({ request: {}, hash: 'plan-1', problems: [] }),
    recoverySeconds: 300,
    send: async (offer) => {
      const fate = fates.shift() ?? 'done'
      sent.push(tokenOf(offer))
      if (fate === 'is lost') throw unavailable('no answer')
      if (fate === 'is refused') return { refused: PROBLEMS }
      const job = { id: `job-${jobs.length + 1}`, token: tokenOf(offer), at: now(), outcome: carryOut(offer, fate) }
      jobs.push(job)
      if (fate === 'loses its answer') throw unavailable('no answer')
      return { jobId: job.id }
    },
    recover: async (offer) => {
      const job = jobs.find(({ token, at }) => token === tokenOf(offer) && now() - at >= SHOWS_AFTER_S * 1000)
      return job && { jobId: job.id }
    },
    observe: async ({ submission }) => {
      const job = jobs.find(({ id }) => id === submission?.jobId)
      if (!job) throw new Error(`no job ${submission?.jobId}`)
      return outcomeOf(job)
    },
    acceptance: async ({ externalId = '' }) =>
      offers.get(externalId) === 'accepted' ? { agreementId: `agmt-${externalId}`, at: at() } : undefined,
  }
  return {
    marketplace,
    offers,
    sent,
    /** The buyer accepts what is on offer. */
    accept: () => {
      for (const [externalId, state] of offers) if (state === 'live') offers.set(externalId, 'accepted')
    },
  }
}

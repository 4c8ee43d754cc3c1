import type { Answer, World } from '../stand-in.ts'
import { type Call, newGuid, ok, refusal } from './api.ts'
import { type Catalogue, catalogueOf } from './catalogue.ts'
import { parseConfigure } from './configure.ts'
import { endOf, isDue, type Job, POLL_INTERVAL_MS, run, statusView } from './job.ts'
import { commit } from './journal.ts'
import type { Offer } from './offer-state.ts'
import { offerView } from './offer-view.ts'

const missing = (what: string) => refusal(404, 'notFound', `There is no ${what}.`, [])

const jobOf = ({ world, path }: Call) => world.shelf.get<Job>('azure.jobs', path['jobId'] ?? '')
const withJob =
  (answer: (call: Call, job: Job) => Promise<Answer>) =>
  async (call: Call): Promise<Answer> => {
    const job = await jobOf(call)
    return job ? answer(call, job) : missing('such job')
  }
const saveJob = (world: World, job: Job) => world.shelf.put('azure.jobs', job.jobId, job)

export const configure = async ({ world, body }: Call): Promise<Answer> => {
  const parsed = parseConfigure(body)
  if ('problems' in parsed) {
    const details = parsed.problems.map((message) => ({ code: 'invalidValue', message }))
    return refusal(400, 'badRequest', 'The request does not fit its schemas.', details)
  }
  const started = world.now().toISOString()
  const job: Job = { jobId: newGuid(world), started, ...parsed, result: 'pending', errors: [], produced: [] }
  await saveJob(world, job)
  return { status: 202, body: statusView(job, world.now()) }
}

const notePoll = async (world: World, { jobId, lastPoll }: Job) => {
  const elapsed = lastPoll === undefined ? POLL_INTERVAL_MS : world.now().getTime() - Date.parse(lastPoll)
  if (elapsed >= POLL_INTERVAL_MS) return
  const violation = { id: newGuid(world), rule: 'poll-interval', jobId, at: world.now().toISOString(), seconds: elapsed / 1000 }
  await world.shelf.put('azure.violations', violation.id, violation)
}

export const status = withJob(async ({ world }, job) => {
  await notePoll(world, job)
  await saveJob(world, { ...job, lastPoll: world.now().toISOString() })
  return ok(statusView(job, world.now()))
})

const resourcesOf = (offer: Offer, catalogue: Catalogue) => [
  ...Object.values(offer.prices).map((price) => ({ ...price, resourceName: null })),
  offerView(offer, catalogue),
]

export const detail = withJob(async ({ world }, job) => {
  if (!job.end) return missing('result of this job before it ends')
  const catalogue = await catalogueOf(world)
  const offers = await Promise.all(job.produced.map((guid) => world.shelf.get<Offer>('azure.offers', guid)))
  const resources = offers.flatMap((offer) => (offer ? resourcesOf(offer, catalogue) : []))
  return ok({ $schema: 'https://schema.mp.microsoft.com/schema/configure-detail/2022-07-01', resources })
})

export const cancel = withJob(async ({ world }, job) => {
  if (job.end) return refusal(400, 'badRequest', 'Cannot cancel job: it has completed.', [])
  const cancelled: Job = { ...job, result: 'cancelled', end: world.now().toISOString() }
  await saveJob(world, cancelled)
  return ok(statusView(cancelled, world.now()))
})

/** Carries out the jobs whose time has come, oldest first. */
export const catchUp = async (world: World) => {
  const jobs = await world.shelf.list<Job>('azure.jobs')
  const due = jobs.filter((job) => isDue(job, world.now())).toSorted((a, b) => (a.started < b.started ? -1 : 1))
  for (const job of due) {
    const offers = await world.shelf.list<Offer>('azure.offers')
    const done = run(job, {
      now: endOf(job).toISOString(),
      catalogue: await catalogueOf(world),
      offers,
      newGuid: () => newGuid(world),
    })
    await commit(world, [
      ...done.offers.map((document) => ({ collection: 'azure.offers', id: document.guid, document })),
      ...done.removed.map((id) => ({ collection: 'azure.offers', id })),
      { collection: 'azure.jobs', id: job.jobId, document: done.job },
    ])
  }
}

import type { DomainEvent } from '../../events/index.ts'
import type { VerificationEvent } from '../../events/verification.ts'
import type { Context } from '../core/context.ts'
import { isCode, type ServiceError } from '../core/errors.ts'
import { type Cell, differing, stillDiffering } from './cell.ts'
import { type Derived, type Rates, readLive, takeCensus } from './census.ts'
import { type FactProblem, foundAgain } from './fact-problem.ts'
import { compareFacts, compareLinks } from './facts.ts'
import { type Repair, repairFound } from './repair.ts'
import type { VerificationStore } from './store.ts'
import { failed, isLast, type Kept, looked, waited } from './verification.ts'

export type Dependencies = {
  store: VerificationStore
  derived: Derived
  ratesAt: Rates
  events: () => AsyncIterable<DomainEvent>
  repair: Repair
  /** Waits a little for what is on its way through the stream. */
  pause: () => Promise<void>
}

type Look = { cells: Cell[]; facts: FactProblem[]; compared: NonNullable<Kept['compared']> }

const allOf = async <T>(pieces: AsyncIterable<T[]>): Promise<T[]> => (await Array.fromAsync(pieces)).flat()

/** Compares everything of the level. The sums are read before the rows, and the rows before the events. */
const firstLook = async ({ derived, ratesAt, events }: Dependencies, { level }: Kept): Promise<Look> => {
  const live = await readLive(derived)
  const census = await takeCensus(derived, ratesAt)
  const cells = differing(live, census.sums)
  const compared = { cells: new Set([...live.keys(), ...census.sums.keys()]).size, rows: census.facts.size }
  if (level === 'sums') return { cells, facts: census.outdated, compared }
  const facts = await compareFacts(derived, census, events())
  const links = await compareLinks(derived, census)
  return { cells, facts: [...facts.problems, ...links, ...census.outdated], compared: { ...compared, events: facts.events } }
}

/** Compares once more what differed; what was not found before is for the next verification. */
const lookAgain = async (dependencies: Dependencies, kept: Kept): Promise<Omit<Look, 'compared'>> => {
  const { store, derived, ratesAt, events } = dependencies
  const [cells, facts] = [await allOf(store.foundCells(kept)), await allOf(store.foundFacts(kept))]
  const live = await readLive(derived)
  const census = await takeCensus(derived, ratesAt)
  const still = stillDiffering(cells, live, census.sums)
  if (facts.length === 0) return { cells: still, facts }
  const now = kept.level === 'rows' ? (await compareFacts(derived, census, events())).problems : []
  const links = kept.level === 'rows' ? await compareLinks(derived, census) : []
  return { cells: still, facts: foundAgain(facts, [...now, ...links, ...census.outdated]) }
}

/** Keeps what was found, and sends probes after it: when they are through, all that was looked at is summed. */
const keepLook = async ({ store, derived }: Dependencies, kept: Kept, found: Omit<Look, 'compared'>, context: Context) => {
  const lookId = context.newId('look')
  await store.keepFound(kept.id, lookId, found)
  const decided = looked(kept, found, lookId, context)
  if (decided.kept.status === 'checking') await derived.sendProbes(lookId, Math.ceil(Date.parse(context.now) / 1000))
  return decided
}

const isThrough = async ({ derived, pause }: Dependencies, { lookId = '' }: Kept): Promise<boolean> => {
  if (await derived.areAnswered(lookId)) return true
  await pause()
  return derived.areAnswered(lookId)
}

const begin = async (dependencies: Dependencies, kept: Kept, context: Context) => {
  const epoch = await dependencies.store.epoch()
  const { compared, ...found } = await firstLook(dependencies, kept)
  return keepLook(dependencies, { ...kept, compared, ...(epoch !== undefined && { epoch }) }, found, context)
}

const goOn = async (dependencies: Dependencies, kept: Kept, context: Context) => {
  if (!(await isThrough(dependencies, kept))) return waited(kept, context)
  return keepLook(dependencies, kept, await lookAgain(dependencies, kept), context)
}

const reasonOf = ({ message, details }: ServiceError) =>
  [message, ...details.map((detail) => `${detail.target}: ${detail.message}`)].join('; ')

/** What cannot be summed cannot be compared. */
const unlessUnprocessable = (kept: Kept, context: Context) => (error: unknown) => {
  if (isCode(error, 'unprocessable')) return failed(kept, reasonOf(error), context)
  throw error
}

/**
 * Does the next step of a verification, as its last event says; each step ends with a write of state and event together. A repeat of
 * an earlier step does nothing, a crash leaves the step to be done again. Returns how the verification stands then.
 */
export const runVerification =
  (dependencies: Dependencies) =>
  async (event: VerificationEvent, context: Context): Promise<Kept> => {
    const { store } = dependencies
    const kept = await store.get(event.data.verificationId)
    if (!isLast(kept, event)) return kept
    if (kept.status === 'repairing') return store.endRepair(await repairFound(dependencies, kept, context), context)
    const step = kept.status === 'requested' ? begin : goOn
    const decided = await step(dependencies, kept, context).catch(unlessUnprocessable(kept, context))
    return store.save(decided, context)
  }

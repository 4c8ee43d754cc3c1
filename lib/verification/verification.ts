import { emit } from '../../events/envelope.ts'
import type { VerificationEvent } from '../../events/verification.ts'
import { type Context, today } from '../core/context.ts'
import { conflict } from '../core/errors.ts'
import { Instant } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { Cell } from './cell.ts'
import { FactProblem } from './fact-problem.ts'

export const Level = z.described(
  z.enum(['sums', 'rows']),
  'sums: the aggregates against the rows; rows: also the rows against the events',
)
export type Level = z.infer<typeof Level>

export const NewVerification = z.strictObject({ level: z._default(Level, 'rows') })
export const NewRepair = z.strictObject({ reason: z.trimmed(500) })

const Repair = z.object({
  by: z.string(),
  reason: z.string(),
  requestedAt: Instant,
  endedAt: z.optional(Instant),
  cells: z.described(z.optional(z.int()), 'how many cells were corrected'),
  left: z.described(
    z.optional(z.int()),
    'how many were left alone, since they were moving or not as they had been found: verify again',
  ),
  events: z.described(z.optional(z.int()), 'how many events were taken into their rows again'),
})

export const Verification = z.named(
  z.object({
    id: z.string(),
    version: z.int(),
    level: Level,
    status: z.described(
      z.enum(['requested', 'checking', 'equal', 'different', 'failed', 'repairing', 'repaired']),
      'checking: something differs, and is looked at again until that is certain',
    ),
    requestedAt: Instant,
    requestedBy: z.string(),
    endedAt: z.optional(Instant),
    reason: z.described(z.optional(z.string()), 'why it failed'),
    compared: z.described(
      z.optional(z.object({ cells: z.int(), rows: z.int(), events: z.optional(z.int()) })),
      'how many sums, rows and events were looked at the first time',
    ),
    cells: z.described(z.int(), 'how many cells differ'),
    firstCells: z.array(Cell),
    facts: z.described(z.int(), 'how many facts of rows differ from the events'),
    firstFacts: z.array(FactProblem),
    repair: z.optional(Repair),
  }),
  'Verification',
)
export type Verification = z.infer<typeof Verification>

/** What only the run needs to know. */
const Progress = z.object({
  /** How often what differs was looked at. */
  looks: z.int(),
  /** How often the probes were waited for. */
  waits: z.int(),
  /** Of the last look: under it lies what was found, and the probes that were sent after it bear it. */
  lookId: z.optional(z.string()),
  /** Which repairs had been made when it began; without it one was going on. */
  epoch: z.optional(z.int()),
})

export const Kept = z.extend(Verification, Progress.shape)
export type Kept = z.infer<typeof Kept>

export const viewOf = (kept: Kept): Verification => Verification.parse(kept)

export type Decided = { kept: Kept; event: VerificationEvent }

/** What was found in one look. */
export type Found = { cells: Cell[]; facts: FactProblem[] }

const LISTED = 100
/** A difference counts when it was seen this often: each time everything that was summed up the time before had been added. */
const LOOKS = 3
/** Facts that are on their way get fewer from look to look; whoever waits for them gives up after so many. */
const MOST_LOOKS = 10
const MOST_WAITS = 60

// One event for each version.
const eventId = ({ id }: Kept, version: number) => `evt_${id}_${version}`

/** Whether an event is of the last step: the repeat of a message about an earlier one has nothing to do any more. */
export const isLast = (kept: Kept, event: Pick<VerificationEvent, 'id'>) => event.id === eventId(kept, kept.version - 1)

const decided = <Type extends VerificationEvent['type']>(
  kept: Kept,
  context: Context,
  type: Type,
  data: Omit<Extract<VerificationEvent, { type: Type }>['data'], 'verificationId'>,
): Decided => ({
  kept,
  event: emit(
    context,
    type,
    kept.id,
    { verificationId: kept.id, ...data },
    { id: eventId(kept, kept.version) },
  ) as VerificationEvent,
})

/** A verification that someone asks for; `id` is given by the schedule, which asks once a night. */
export const request = (level: Level, by: string, context: Context, id = context.newId('ver')): Decided => {
  const found = { cells: 0, firstCells: [], facts: 0, firstFacts: [] }
  const asked = { id, version: 0, level, status: 'requested', requestedAt: context.now, requestedBy: by } as const
  return decided({ ...asked, ...found, looks: 0, waits: 0 }, context, 'metrics.verification-requested.v1', { level, by })
}

export const nightly = (context: Context): Decided => request('rows', 'schedule', context, `ver_${today(context)}`)

const withFound = (kept: Kept, { cells, facts }: Found): Kept => ({
  ...kept,
  looks: kept.looks + 1,
  waits: 0,
  cells: cells.length,
  firstCells: cells.slice(0, LISTED),
  facts: facts.length,
  firstFacts: facts.slice(0, LISTED),
})

const conclude = (kept: Kept, context: Context): Decided => {
  const { cells, facts } = kept
  const ended = { ...kept, endedAt: context.now }
  if (cells + facts > 0) return decided({ ...ended, status: 'different' }, context, 'metrics.differed.v1', { cells, facts })
  return decided({ ...ended, status: 'equal' }, context, 'metrics.verified.v1', { cells, facts })
}

/** What a sweep over all rows mends by itself, some half a minute after its cause. */
const isSwept = ({ problem }: FactProblem) => problem === 'outdated-rates' || problem === 'unlinked'

/** Rows follow events through a stream as well: as long as some of what was missing arrives, the rest may be on its way. */
const isEnough = ({ looks }: Kept, { facts }: Found, before: number) =>
  looks >= (facts.length < before || facts.some(isSwept) ? MOST_LOOKS : LOOKS)

/** After a look: done when nothing differs or it was looked at often enough; otherwise once more, after the probes came through. */
export const looked = (kept: Kept, found: Found, lookId: string, context: Context): Decided => {
  const next = { ...withFound(kept, found), lookId }
  if (next.cells + next.facts === 0 || isEnough(next, found, kept.facts)) return conclude(next, context)
  return decided({ ...next, status: 'checking' }, context, 'metrics.verification-continued.v1', {})
}

export const failed = (kept: Kept, reason: string, context: Context): Decided =>
  decided({ ...kept, status: 'failed', reason, endedAt: context.now }, context, 'metrics.verification-failed.v1', { reason })

/** The probes are not through yet. */
export const waited = (kept: Kept, context: Context): Decided => {
  if (kept.waits >= MOST_WAITS)
    return failed(kept, 'the sums do not follow the rows: see whether sum-contributions runs, then verify again', context)
  return decided({ ...kept, waits: kept.waits + 1 }, context, 'metrics.verification-continued.v1', {})
}

/** Asks for the repair of what differs. `epoch`: the repairs that were made until now; undefined: one is going on. */
export const requestRepair = (kept: Kept, by: string, reason: string, epoch: number | undefined, context: Context): Decided => {
  if (kept.status !== 'different') throw conflict(`${kept.id} is ${kept.status}: only what is different can be repaired`)
  if (epoch === undefined || kept.epoch !== epoch) throw conflict(`a repair was made since ${kept.id} began: verify again first`)
  const repair = { by, reason, requestedAt: context.now }
  return decided({ ...kept, status: 'repairing', repair }, context, 'metrics.repair-requested.v1', { by, reason })
}

type Outcome = { cells: number; left: number; events: number; firstCells: Cell[] }

export const repaired = (kept: Kept, { firstCells, ...outcome }: Outcome, context: Context): Decided => {
  const { by = '', reason = '', requestedAt = context.now } = kept.repair ?? {}
  const repair = { by, reason, requestedAt, endedAt: context.now, ...outcome }
  const next = { ...kept, status: 'repaired' as const, repair, firstCells }
  return decided(next, context, 'metrics.repaired.v1', { ...outcome, by, reason })
}

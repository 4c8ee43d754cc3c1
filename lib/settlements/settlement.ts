import { emit } from '../../events/envelope.ts'
import type { DomainEvent } from '../../events/index.ts'
import type { Context } from '../core/context.ts'
import { conflict } from '../core/errors.ts'
import { Instant } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { FORMATS } from './formats/all.ts'
import { afterRepeat, emptyReport, Report } from './report.ts'
import { nextRepeat, type SettlementRule } from './rule.ts'

export const NewSettlement = z
  .strictObject({
    fileName: z.string().check(z.minLength(1), z.maxLength(200), z.describe('what the file is called, for people')),
    statedAt: z
      .optional(Instant)
      .check(
        z.describe(
          "when the file was made, for files whose rows do not tell (Microsoft's): a later one holds; now, if it is not said",
        ),
      ),
  })
  .check(z.meta({ id: 'NewSettlement' }))
export type NewSettlement = z.infer<typeof NewSettlement>

const Checkpoint = z.object({
  offset: z.int(),
  line: z.int(),
  head: z.optional(
    z.object({
      kind: z.enum(FORMATS.map(({ kind }) => kind)),
      columns: z.array(z.string()),
      unknownColumns: z.array(z.string()),
    }),
  ),
})

export const Settlement = z
  .object({
    id: z.string(),
    version: z.int(),
    fileName: z.string(),
    statedAt: Instant,
    status: z.enum(['waiting', 'reading', 'done', 'failed']).check(z.describe('waiting: for its upload')),
    requestedAt: Instant,
    requestedBy: z.string(),
    run: z.int().check(z.describe('how many times it was read from the beginning')),
    report: Report,
    reason: z.optional(z.string().check(z.describe('why it failed'))),
    repeatedAt: z.optional(Instant.check(z.describe('when it was last asked to be read again'))),
    repeatAt: z.optional(Instant.check(z.describe('when it will be read again by itself, for its unmatched rows'))),
    files: z.array(z.string()).check(z.describe('files about rows that were rejected, with line, column, reason and the row')),
  })
  .check(z.meta({ id: 'Settlement' }))
export type Settlement = z.infer<typeof Settlement>

/**
 * A settlement and how far its file is read: everything before that is in the books and in the report. `before` is the report of the
 * readings before a repeat, which is told until that is done.
 */
export const Import = z.object({
  ...Settlement.shape,
  checkpoint: Checkpoint,
  etag: z.optional(z.string()),
  before: z.optional(Report),
})
export type Import = z.infer<typeof Import>

export const told = ({ checkpoint: _, etag: __, before, ...settlement }: Import): Settlement =>
  before ? { ...settlement, report: before } : settlement

export type Decided = { settlement: Import; events: DomainEvent[] }

const START = { offset: 0, line: 1 }
/** Where the file lies in the bucket. */
export const uploadKey = (id: string) => `uploads/${id}`
export const reportKey = ({ id, run }: Pick<Import, 'id' | 'run'>, name: string) => `reports/${id}/${run}/${name}`

export const requestSettlement = ({ fileName, statedAt }: NewSettlement, by: string, context: Context): Decided => {
  const id = context.newId('stl')
  const settlement: Import = {
    id,
    version: 0,
    fileName,
    statedAt: statedAt ?? context.now,
    status: 'waiting',
    requestedAt: context.now,
    requestedBy: by,
    run: 0,
    report: emptyReport(),
    files: [],
    checkpoint: START,
  }
  const data = { settlementId: id, fileName, by }
  return { settlement, events: [emit(context, 'settlement.requested.v1', id, data, { id: `evt_${id}_requested` })] }
}

/** Begins to read an uploaded file. The upload of the same bytes again, or a repeat of its message, goes on with what was begun. */
export const begin = (settlement: Import, etag: string): Import => {
  if (settlement.run > 0 && settlement.etag === etag) return settlement
  const { reason: _, repeatAt: __, before: ___, ...rest } = settlement
  const run = settlement.run + 1
  return { ...rest, status: 'reading', run, etag, report: emptyReport(), files: [], checkpoint: START }
}

/** Reads the file from the beginning once more: what was unmatched may be known by now. */
export const repeat = (settlement: Import, context: Context): Decided => {
  const { id, status, etag, report } = settlement
  if (!etag) throw conflict(`the file of settlement ${id} is not uploaded yet`)
  if (status === 'reading') throw conflict(`the file of settlement ${id} is being read: wait until it is done`)
  const begun = begin({ ...settlement, etag: '' }, etag)
  const kept = status === 'done' && { before: report, files: settlement.files }
  return goOn({ ...begun, repeatedAt: context.now, ...kept }, context)
}

/** Lets the reading go on from its checkpoint in another call. */
export const goOn = (settlement: Import, context: Context): Decided => {
  const { id, run, version, checkpoint } = settlement
  const data = { settlementId: id, run, line: checkpoint.line }
  const event = emit(context, 'settlement.continued.v1', id, data, { id: `evt_${id}_continued_${version}` })
  return { settlement, events: [event] }
}

/** The file is read to its end. `rule` says when it is read again if something in it is unmatched. */
export const complete = (settlement: Import, files: string[], rule: SettlementRule, context: Context): Decided => {
  const { before, ...rest } = settlement
  const { id, run, requestedAt } = settlement
  const report = before ? afterRepeat(before, settlement.report) : settlement.report
  const repeatAt = report.outcomes.unmatched > 0 ? nextRepeat(rule, requestedAt, context.now) : undefined
  const { kind = '', rows, outcomes } = report
  const data = { settlementId: id, kind, rows, ...outcomes }
  const event = emit(context, 'settlement.completed.v1', id, data, { id: `evt_${id}_${run}_completed` })
  return { settlement: { ...rest, report, status: 'done', files, ...(repeatAt && { repeatAt }) }, events: [event] }
}

/** The file cannot be read. A repeat that fails leaves the report of what was read before, and its rejected rows. */
export const fail = ({ before, ...settlement }: Import, reason: string, context: Context): Decided => {
  const { id, run } = settlement
  const event = emit(context, 'settlement.failed.v1', id, { settlementId: id, reason }, { id: `evt_${id}_${run}_failed` })
  return { settlement: { ...settlement, ...(before && { report: before }), status: 'failed', reason }, events: [event] }
}

import type { Context } from '../core/context.ts'
import { isCode, type ServiceError } from '../core/errors.ts'
import { sortable } from './field.ts'
import { FORMATS } from './formats/all.ts'
import { GROUP, type State, takeGroup } from './group.ts'
import { type Owners, ownerFinder } from './owner.ts'
import { type Line, openReading } from './reading.ts'
import { writeRejections } from './rejections.ts'
import type { SettlementRule } from './rule.ts'
import { begin, complete, fail, goOn, type Import, uploadKey } from './settlement.ts'
import type { SettlementStore } from './store.ts'

export type Reader = {
  store: SettlementStore
  owners: Owners
  /** What a file says from an offset on, as long as it is still the one with this etag. */
  open: (key: string, from: number, etag: string) => AsyncIterable<Uint8Array>
  put: (key: string, body: Uint8Array, contentType: string) => Promise<void>
  hash: (text: string) => string
  rule: SettlementRule
}
export type Run = { context: () => Context; isOver: () => boolean }

const headed = (settlement: Import, head: Import['checkpoint']['head'], hasMark: boolean): Import => ({
  ...settlement,
  checkpoint: { ...settlement.checkpoint, head },
  report: {
    ...settlement.report,
    kind: head?.kind,
    unknownColumns: head?.unknownColumns ?? [],
    byteOrderMark: settlement.report.byteOrderMark || hasMark,
  },
})

const reasonOf = ({ message, details }: ServiceError) =>
  [message, ...details.map((detail) => `${detail.target}: ${detail.message}`)].join('; ')

/** Reads on from the checkpoint, until the end of the file or of the time; whether it came to the end. */
const readOn = async (reader: Reader, state: State, run: Run): Promise<boolean> => {
  const { id, etag = '', checkpoint, statedAt } = state.settlement
  const lines: Line[] = []
  const reading = openReading(FORMATS, sortable(statedAt) ?? statedAt, (line) => lines.push(line), checkpoint)
  const taker = { ...reader, find: ownerFinder(reader.owners), context: run.context }
  let hasTaken = false
  const takeAll = async (): Promise<boolean> => {
    state.settlement = headed(state.settlement, reading.head(), reading.seen.bom)
    for (let from = 0; from < lines.length; from += GROUP) {
      // Each call gets on by at least one group.
      if (hasTaken && run.isOver()) return false
      hasTaken = true
      await takeGroup(taker, state, lines.slice(from, from + GROUP))
    }
    lines.length = 0
    return true
  }
  for await (const chunk of reader.open(uploadKey(id), checkpoint.offset, etag)) {
    reading.push(chunk)
    if (!(await takeAll())) return false
  }
  reading.end()
  if (!(await takeAll())) return false
  state.settlement.report.blankLines = state.blankLines + reading.seen.blankLines
  return true
}

const finish = async (reader: Reader, state: State, context: Context) => {
  const { store, rule } = reader
  const files = await writeRejections(reader, state.settlement)
  await store.save(complete(state.settlement, files, rule, context), context)
}

const read = async (reader: Reader, settlement: Import, run: Run): Promise<void> => {
  const state: State = {
    settlement,
    notedLine: settlement.checkpoint.line,
    blankLines: settlement.report.blankLines,
  }
  try {
    if (await readOn(reader, state, run)) await finish(reader, state, run.context())
    else await reader.store.save(goOn(state.settlement, run.context()), run.context())
  } catch (error) {
    if (!isCode(error, 'unprocessable')) throw error
    await reader.store.save(fail(state.settlement, reasonOf(error), run.context()), run.context())
  }
}

/** A file was uploaded: reads it, or goes on reading it when the message of its upload comes again. */
export const readUpload =
  (reader: Reader) =>
  async (settlementId: string, etag: string, run: Run): Promise<void> => {
    const settlement = begin(await reader.store.get(settlementId), etag)
    if (settlement.status === 'reading') await read(reader, settlement, run)
  }

/** Goes on with a run where it stopped. A message of an earlier run, or one that was handled, does nothing. */
export const readFurther =
  (reader: Reader) =>
  async (settlementId: string, ofRun: number, run: Run): Promise<void> => {
    const settlement = await reader.store.get(settlementId)
    if (settlement.status === 'reading' && settlement.run === ofRun) await read(reader, settlement, run)
  }

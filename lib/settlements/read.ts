import type { Context } from '../core/context.ts'
import { isCode, type ServiceError } from '../core/errors.ts'
import { type Column, csvOf } from '../exports/csv.ts'
import { sortable } from './field.ts'
import { FORMATS } from './formats/all.ts'
import { paymentKey } from './formats/azure-earnings.ts'
import { type Owners, ownerFinder } from './owner.ts'
import { type Line, openReading } from './reading.ts'
import type { SettlementRule } from './rule.ts'
import type { Settled } from './settle.ts'
import { begin, complete, fail, goOn, type Import, reportKey, uploadKey } from './settlement.ts'
import type { Rejection, SettlementStore } from './store.ts'
import { type Changes, type Known, type Linked, noChanges, takeLine } from './take.ts'

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

/** So many lines are looked up at once. */
const GROUP = 250
/** A transaction of DynamoDB holds 100 writes: the import itself, and for each of these up to five. */
const MAX_WRITES = 90
/** Where nothing is written the place is noted this often all the same. */
const LINES_A_NOTE = 20_000
const FILE_ROWS = 20_000

const writesOf = ({ settled, links, transactions, rejections }: Changes) =>
  settled.size + links.size + 2 * transactions.length + rejections.length

const keysOf = (lines: Line[]) => {
  const rows = lines.flatMap((line) => ('row' in line ? [line.row] : []))
  const entries = rows.flatMap((row) => row.entries)
  const payments = entries.flatMap(({ paymentId }) => (paymentId ? [paymentKey(paymentId)] : []))
  const links = rows.flatMap((row) => row.links.map(({ key }) => key))
  return { entries, settled: [...new Set(entries.map(({ key }) => key))], links: [...new Set([...links, ...payments])] }
}

type Finder = ReturnType<typeof ownerFinder>

/** Looks up all that a group of lines asks for. */
const known = async ({ store }: Reader, find: Finder, lines: Line[]): Promise<Known & { keep: (changes: Changes) => void }> => {
  const { entries, settled: keys, links: linkKeys } = keysOf(lines)
  const [settled, links] = [await store.settled(keys), await store.links(linkKeys)]
  const owners = new Map<string, Awaited<ReturnType<Finder>>>()
  for (const { key, reference } of entries) owners.set(key, await find(reference))
  return {
    settled: (key: string): Settled | undefined => settled.get(key),
    link: (key: string): Linked | undefined => links.get(key),
    owner: ({ key }) => owners.get(key) ?? { name: key, owner: undefined },
    keep: (changes) => {
      for (const [key, each] of changes.settled) settled.set(key, { ...each, version: each.version + 1 })
      for (const [key, each] of changes.links) links.set(key, { ...each, version: each.version + 1 })
    },
  }
}

/** `blankLines` are those before this call began. */
type State = { settlement: Import; notedLine: number; blankLines: number }

/** Takes lines in and saves what they change, as many at a time as one transaction holds, with the place after them. */
const takeGroup = async (reader: Reader, find: Finder, state: State, lines: Line[], run: Run) => {
  const facts = await known(reader, find, lines)
  let changes = noChanges()
  const { report } = state.settlement
  const by = { settlementId: state.settlement.id, hash: reader.hash }
  for (const [index, line] of lines.entries()) {
    takeLine(line, facts, changes, report, by)
    const writes = writesOf(changes)
    const isLast = index === lines.length - 1
    if (writes < MAX_WRITES - 10 && !isLast) continue
    const checkpoint = { ...state.settlement.checkpoint, offset: line.nextOffset, line: line.nextLine }
    report.blankLines = state.blankLines + line.blankLines
    const settlement = { ...state.settlement, checkpoint }
    if (writes === 0 && line.line - state.notedLine < LINES_A_NOTE) state.settlement = settlement
    else {
      state.settlement = await reader.store.advance(settlement, changes, run.context())
      state.notedLine = line.line
    }
    facts.keep(changes)
    changes = noChanges()
  }
}

const rejectionColumns: Column<Rejection>[] = [
  { name: 'line', type: 'integer', description: 'the line that the row begins on', of: (row) => row.line },
  { name: 'column', type: 'text', description: 'the column that is wrong', of: (row) => row.column },
  { name: 'reason', type: 'text', description: 'what is wrong with it', of: (row) => row.reason },
]

/** Writes all rejected rows of the run beside the file; a repeat writes the same files. */
const writeRejections = async ({ store, put }: Reader, settlement: Import): Promise<string[]> => {
  const names: string[] = []
  let rows: Rejection[] = []
  const flush = async () => {
    if (rows.length === 0) return
    const name = `rejected-${names.length + 1}.csv`
    await put(reportKey(settlement, name), new TextEncoder().encode(csvOf(rejectionColumns, rows)), 'text/csv; charset=utf-8')
    names.push(name)
    rows = []
  }
  for await (const rejection of store.rejections(settlement)) {
    rows.push(rejection)
    if (rows.length === FILE_ROWS) await flush()
  }
  await flush()
  return names
}

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
  const find = ownerFinder(reader.owners)
  let hasTaken = false
  const takeAll = async (): Promise<boolean> => {
    state.settlement = headed(state.settlement, reading.head(), reading.seen.bom)
    for (let from = 0; from < lines.length; from += GROUP) {
      // Each call gets on by at least one group.
      if (hasTaken && run.isOver()) return false
      hasTaken = true
      await takeGroup(reader, find, state, lines.slice(from, from + GROUP), run)
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

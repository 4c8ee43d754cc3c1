import type { Context } from '../core/context.ts'
import { paymentKey } from './formats/azure-earnings.ts'
import type { ownerFinder } from './owner.ts'
import type { Line } from './reading.ts'
import type { Settled } from './settle.ts'
import type { Import } from './settlement.ts'
import type { SettlementStore } from './store.ts'
import { type Changes, type Known, type Linked, noChanges, takeLine } from './take.ts'

/** So many lines are looked up at once. */
export const GROUP = 250
/** A transaction of DynamoDB holds 100 writes: the import itself, and for each of these up to five. */
const MAX_WRITES = 90
/** Where nothing is written the place is noted this often all the same. */
const LINES_A_NOTE = 20_000

type Finder = ReturnType<typeof ownerFinder>
type Taker = {
  store: Pick<SettlementStore, 'settled' | 'links' | 'advance'>
  find: Finder
  hash: (text: string) => string
  context: () => Context
}

/** How far a reading is. `blankLines` are those before this call began. */
export type State = { settlement: Import; notedLine: number; blankLines: number }

const writesOf = ({ settled, links, transactions, rejections }: Changes) =>
  settled.size + links.size + 2 * transactions.length + rejections.length

const keysOf = (lines: Line[]) => {
  const rows = lines.flatMap((line) => ('row' in line ? [line.row] : []))
  const entries = rows.flatMap((row) => row.entries)
  const payments = entries.flatMap(({ paymentId }) => (paymentId ? [paymentKey(paymentId)] : []))
  const links = rows.flatMap((row) => row.links.map(({ key }) => key))
  return { entries, settled: [...new Set(entries.map(({ key }) => key))], links: [...new Set([...links, ...payments])] }
}

/** Looks up all that a group of lines asks for; `keep` adds what they changed. */
const known = async ({ store, find }: Taker, lines: Line[]): Promise<Known & { keep: (changes: Changes) => void }> => {
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

/** Saves what lines changed with the place after the last of them; where they changed nothing, only once in a while. */
const save = async ({ store, context }: Taker, state: State, line: Line, changes: Changes) => {
  const { checkpoint: before, report } = state.settlement
  report.blankLines = state.blankLines + line.blankLines
  const settlement = { ...state.settlement, checkpoint: { ...before, offset: line.nextOffset, line: line.nextLine } }
  const isNote = writesOf(changes) > 0 || line.line - state.notedLine >= LINES_A_NOTE
  state.settlement = isNote ? await store.advance(settlement, changes, context()) : settlement
  if (isNote) state.notedLine = line.line
}

/** Takes lines in and saves what they change, as many at a time as one transaction holds. */
export const takeGroup = async (taker: Taker, state: State, lines: Line[]) => {
  const facts = await known(taker, lines)
  const by = { settlementId: state.settlement.id, hash: taker.hash }
  let changes = noChanges()
  for (const [index, line] of lines.entries()) {
    takeLine(line, facts, changes, state.settlement.report, by)
    if (writesOf(changes) < MAX_WRITES - 10 && index < lines.length - 1) continue
    await save(taker, state, line, changes)
    facts.keep(changes)
    changes = noChanges()
  }
}

import type { Column } from '../core/column.ts'
import { csvOf } from '../exports/csv.ts'
import { type Import, reportKey } from './settlement.ts'
import type { Rejection, SettlementStore } from './store.ts'

const FILE_ROWS = 20_000

const columns: Column<Rejection>[] = [
  { name: 'line', type: 'integer', description: 'the line that the row begins on', of: (row) => row.line },
  { name: 'column', type: 'text', description: 'the column that is wrong', of: (row) => row.column },
  { name: 'reason', type: 'text', description: 'what is wrong with it', of: (row) => row.reason },
]

type Writer = {
  store: Pick<SettlementStore, 'rejections'>
  put: (key: string, body: Uint8Array, contentType: string) => Promise<void>
}

/** Writes all rejected rows of the run beside the file; a repeat writes the same files. */
export const writeRejections = async ({ store, put }: Writer, settlement: Import): Promise<string[]> => {
  const names: string[] = []
  let rows: Rejection[] = []
  const flush = async () => {
    if (rows.length === 0) return
    const name = `rejected-${names.length + 1}.csv`
    await put(reportKey(settlement, name), new TextEncoder().encode(csvOf(columns, rows)), 'text/csv; charset=utf-8')
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

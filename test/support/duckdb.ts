import { readFileSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'

/** A DuckDB in memory: what an SQL statement gives, as JSON knows it (whole numbers beyond 32 bits, dates and decimals as texts). */
export const openDuckDb = async () => {
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  const rows = async (sql: string, ...parameters: string[]) =>
    (await connection.runAndReadAll(sql, parameters)).getRowObjectsJson() as Record<string, unknown>[]
  return {
    rows,
    /** What a file with one SQL statement gives. */
    query: (path: string, ...parameters: string[]) => rows(readFileSync(path, 'utf8'), ...parameters),
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}
export type DuckDb = Awaited<ReturnType<typeof openDuckDb>>

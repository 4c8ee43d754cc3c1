import { DuckDBInstance } from '@duckdb/node-api'

/** A DuckDB in memory: what an SQL statement gives, as JSON knows it (whole numbers beyond 32 bits, dates and decimals as texts). */
export const openDuckDb = async () => {
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  return {
    rows: async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson() as Record<string, unknown>[],
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

import { DuckDBInstance } from '@duckdb/node-api'

// Reads the same file with DuckDB on one thread: its types are guessed, and the totals by type are what reading comes to in Cosell.
const [file = '', columns = 'few'] = process.argv.slice(2)
const source = `read_csv('${file}', header = true)`
const totals = `SELECT sum(rows) AS rows FROM (SELECT action, transaction_type, currency, count(*) AS rows, sum(amount) FROM ${source} GROUP BY ALL)`
const all = `SELECT count(*) AS rows, max(COLUMNS(*)) FROM ${source}`

const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
const started = performance.now()
const [row] = (await connection.runAndReadAll(columns === 'all' ? all : totals)).getRows()
console.log(JSON.stringify({ rows: Number(row?.[0]), seconds: (performance.now() - started) / 1000 }))

import { chunksOf } from '../../infra/cli/chunks.ts'
import { checkFile } from '../../lib/settlements/check.ts'

// Reads a settlement file as `cosell settlements --check` does and prints rows, rejected rows and seconds.
const [file = ''] = process.argv.slice(2)
const started = performance.now()
const { report } = await checkFile(chunksOf(file))
const { rows, outcomes } = report
console.log(JSON.stringify({ rows, rejected: outcomes.rejected, seconds: (performance.now() - started) / 1000 }))

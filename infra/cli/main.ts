import { cosell } from './cosell.ts'

process.exitCode = await cosell(process.argv.slice(2))

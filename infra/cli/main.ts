import { enableCompileCache } from 'node:module'

// Most of the time of a short command would go into compiling it again.
enableCompileCache()
const { cosell } = await import('./cosell.ts')
process.exitCode = await cosell(process.argv.slice(2))

// JavaScript, as is the start of a thread: for TypeScript that runs before the cache is there, Node would load a compiler first.
import { enableCompileCache } from 'node:module'

// Most of the time of a short command would go into compiling it again.
enableCompileCache()
const { cosell } = await import('./cosell.ts')
process.exitCode = await cosell(process.argv.slice(2))

import { enableCompileCache } from 'node:module'

// What a thread runs: see main.js.
enableCompileCache()
await import('./thread.ts')

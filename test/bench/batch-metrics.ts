import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { inTurns, median, type Run, ratioOf, runNode } from './measure.ts'

// A generator of events and an independent implementation of the metrics in DuckDB; they live beside the repository.
const root = new URL('../..', import.meta.url).pathname
const peers = join(root, '../shared/bench')
const [GENERATOR, ORACLE, CLI] = [join(peers, 'generate.mjs'), join(peers, 'oracle.mjs'), join(root, 'infra/cli/main.ts')]

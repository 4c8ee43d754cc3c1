import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle, bundleWhole } from '../../infra/bundle.ts'
import { entryFiles, service } from '../../infra/service.ts'

// The client alone as it is commonly bundled, and as we bundle: with what is rarely needed in files of its own.
const [PEER, SPLIT_PEER] = ['DynamoDB client only, one file', 'DynamoDB client only, late parts apart like ours'] as const
const PEER_ENTRY = 'test/bench/dynamodb-only.ts'
const IMPORT = `const started = process.hrtime.bigint()
await import(process.argv[1])
console.log(Number(process.hrtime.bigint() - started) / 1e6)
process.exit()`

const resources = ['BUS_NAME', 'AZURE_TENANT_ID', 'AZURE_CLIENT_ID', 'AZURE_SECRET_ARN', 'AZURE_WEBHOOK_APP_ID']
const stores = [...Object.values(service.tables), ...Object.values(service.buckets)]
const names = [...resources, ...stores.map((store) => store.env)]
const dummies = Object.fromEntries(names.map((name) => [name, 'dummy']))
const given = { ...service.settings, ...service.policies, ...service.azure, ...service.messages }
const env = { ...process.env, AWS_REGION: 'eu-central-1', ...given, ...dummies, QUEUE_URLS: '{}' }

/** Milliseconds that a fresh process takes to load a bundle. */
const importMs = (file: string) =>
  Number(execFileSync(process.execPath, ['--input-type=module', '-e', IMPORT, file], { env, encoding: 'utf8' }))

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
const round = (value: number, digits: number) => Number(value.toFixed(digits))

export type ColdStart = {
  name: string
  kb: number
  medianMs: number
  minMs: number
  ratio: number
  minRatio: number
  ratioToSplit: number
}

const rowOf = (name: string, bytes: number, taken: number[], peer: number[], split: number[]): ColdStart => ({
  name,
  kb: Math.ceil(bytes / 1000),
  medianMs: round(median(taken), 1),
  minMs: round(Math.min(...taken), 1),
  ratio: round(median(taken) / median(peer), 2),
  minRatio: round(Math.min(...taken) / Math.min(...peer), 2),
  ratioToSplit: round(median(taken) / median(split), 2),
})

/**
 * How long each function takes to load, beside a bundle of the DynamoDB client alone. Processes take turns, so that a busy moment of
 * the machine meets all of them; the ratios are what may be compared between machines.
 */
export const coldStart = async (rounds = 11): Promise<ColdStart[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'cold-start-'))
  try {
    const peer = await bundleWhole(PEER, PEER_ENTRY, folder)
    const bundles = [peer, ...(await bundle({ [SPLIT_PEER]: PEER_ENTRY, ...entryFiles }, folder))]
    const times = bundles.map((): number[] => [])
    for (let turn = 0; turn < rounds; turn++)
      for (const [i, { name }] of bundles.entries()) times[i]?.push(importMs(join(folder, name, 'index.mjs')))
    const rows = bundles.map(({ name, bytes }, i) => rowOf(name, bytes, times[i] ?? [], times[0] ?? [], times[1] ?? []))
    console.table(rows)
    return rows
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (import.meta.main) await coldStart()

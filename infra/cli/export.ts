import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ServiceError, unavailable } from '../../lib/core/errors.ts'
import { contract } from '../../lib/exports/contract.ts'
import type { Export } from '../../lib/exports/export.ts'
import { periodOf, refuse, secondsOf } from './arguments.ts'
import { type Call, connect } from './client.ts'
import { command, type Output, writeAll } from './command.ts'
import { TARGET, TARGET_HELP, type Target, targetOf } from './target.ts'

type Request = { period: string; out: string | undefined; data: string; wait: number; target: Target }

const HELP = `cosell export --period yyyy-mm [--format csv] [--out DIR] [--data .cosell] [--wait 300] [--url URL] [--token TOKEN]

Asks for the files of a month, waits for them, prints their folder in the service's bucket, and copies them from the twin's.
  --period yyyy-mm  the month
  --format csv      Parquet is not built yet
  --out DIR         copy the files to this folder; the twin's bucket is the folder "exports" of its data folder
  --data .cosell    the data folder of the twin
  --wait 300        how many seconds to wait for the files
${TARGET_HELP}`

const AGAIN_MS = 500

/** Asks for the export and waits until it is done. */
const exportOf = async (call: Call, { period, wait }: Request): Promise<Export> => {
  const end = performance.now() + wait * 1000
  const { id } = await call(contract.requestExport, { body: { period } })
  for (;;) {
    const exported = await call(contract.getExport, { path: { exportId: id } })
    if (exported.status === 'done') return exported
    if (exported.status === 'failed') return refuse(`the export of ${period} failed: ${exported.reason}`)
    if (performance.now() > end) throw unavailable(`the export ${id} is not done after ${wait} seconds: give it more with --wait`)
    await pause(AGAIN_MS)
  }
}

const notThere = (bucket: string, folder: string) => (cause: unknown) => {
  const remedy = `name the twin's data folder with --data; from the cloud: aws s3 cp --recursive s3://BUCKET/${folder} DIR`
  throw new ServiceError('not_found', `the export is done, but ${bucket} does not hold its folder ${folder}: ${remedy}`, {
    cause,
  })
}

/** Copies the files, compared with what the service says of them; the manifest last. */
const copy = async ({ folder, files = [] }: Export, bucket: string, out: string): Promise<string[]> => {
  const copied: string[] = []
  await mkdir(out, { recursive: true })
  for (const { name, sha256 } of [...files, { name: 'manifest.json', sha256: undefined }]) {
    const bytes = await readFile(join(bucket, folder, name)).catch(notThere(bucket, folder))
    const same = sha256 === undefined || createHash('sha256').update(bytes).digest('hex') === sha256
    if (!same) throw new ServiceError('conflict', `${name} is not what the service wrote: its sha256 differs`)
    await writeFile(join(out, name), bytes)
    copied.push(join(out, name))
  }
  return copied
}

const run = async (request: Request, { stdout }: Output): Promise<number> => {
  const { out, data, target } = request
  const call = await connect(target, { role: 'finance' })
  const exported = await exportOf(call, request)
  const told = out === undefined ? [exported.folder] : await copy(exported, join(data, 'exports'), out)
  await writeAll(stdout, `${told.join('\n')}\n`)
  return 0
}

/** `cosell export`: the files of a month. */
export const exportCommand = command({
  help: HELP,
  requestOf: (args): Request => {
    const options = {
      ...TARGET,
      period: { type: 'string' },
      format: { type: 'string', default: 'csv' },
      out: { type: 'string' },
      data: { type: 'string', default: '.cosell' },
      wait: { type: 'string', default: '300' },
    } as const
    const { values } = parseArgs({ args, options })
    const { period = refuse('--period is missing: the month, like 2026-01'), format, out, data, wait } = values
    if (format !== 'csv')
      refuse(`--format ${format}: ${format === 'parquet' ? 'Parquet is not built yet; take' : 'there is only'} csv`)
    return { period: periodOf(period), out, data, wait: secondsOf('--wait', wait), target: targetOf(values) }
  },
  run,
})

import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ExportFormat } from '../../events/export.ts'
import { ServiceError, unavailable } from '../../lib/core/errors.ts'
import { contract } from '../../lib/exports/contract.ts'
import type { Export } from '../../lib/exports/export.ts'
import { periodOf, refuse, secondsOf } from './arguments.ts'
import { type Call, connect } from './client.ts'
import { command, type Output, writeAll } from './command.ts'
import { TARGET, TARGET_HELP, type Target, targetOf } from './target.ts'

type Request = { period: string; format: ExportFormat; out: string | undefined; wait: number; target: Target }

const HELP = `cosell export --period yyyy-mm [--format csv|parquet|both] [--out DIR] [--wait 300] [--url URL] [--token TOKEN]

Asks for the files of a month, waits for them, and downloads them or prints their folder in the service's bucket.
  --period yyyy-mm  the month
  --format csv      the files as csv, as parquet, or both
  --out DIR         download the files to this folder
  --wait 300        how many seconds to wait for the files
${TARGET_HELP}`

const AGAIN_MS = 500

const formatOf = (text: string): ExportFormat => {
  const { data } = ExportFormat.safeParse(text)
  return data ?? refuse(`--format ${text}: one of ${ExportFormat.options.join(', ')}`)
}

/** Asks for the export and waits until it is done. */
const exportOf = async (call: Call, { period, format, wait }: Request): Promise<Export> => {
  const end = performance.now() + wait * 1000
  const { id } = await call(contract.requestExport, { body: { period, format } })
  for (;;) {
    const exported = await call(contract.getExport, { path: { exportId: id } })
    if (exported.status === 'done') return exported
    if (exported.status === 'failed') return refuse(`the export of ${period} failed: ${exported.reason}`)
    if (performance.now() > end) throw unavailable(`the export ${id} is not done after ${wait} seconds: give it more with --wait`)
    await pause(AGAIN_MS)
  }
}

const download = async (call: Call, exportId: string, fileName: string): Promise<Buffer> => {
  const { url } = await call(contract.getFile, { path: { exportId, fileName } })
  const response = await fetch(url)
  if (!response.ok) throw unavailable(`${fileName} cannot be downloaded now (${response.status}): try again`)
  return Buffer.from(await response.arrayBuffer())
}

/** Downloads the files, compared with what the service says of them; the manifest last. */
const downloadAll = async (call: Call, { id, files = [] }: Export, out: string): Promise<string[]> => {
  const written: string[] = []
  await mkdir(out, { recursive: true })
  for (const { name, sha256 } of [...files, { name: 'manifest.json', sha256: undefined }]) {
    const bytes = await download(call, id, name)
    const same = sha256 === undefined || createHash('sha256').update(bytes).digest('hex') === sha256
    if (!same) throw new ServiceError('conflict', `${name} is not what the service wrote: its sha256 differs`)
    await writeFile(join(out, name), bytes)
    written.push(join(out, name))
  }
  return written
}

const run = async (request: Request, { stdout }: Output): Promise<number> => {
  const { out, target } = request
  const call = await connect(target, { role: 'finance' })
  const exported = await exportOf(call, request)
  const told = out === undefined ? [exported.folder] : await downloadAll(call, exported, out)
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
      wait: { type: 'string', default: '300' },
    } as const
    const { values } = parseArgs({ args, options })
    const { period = refuse('--period is missing: the month, like 2026-01'), format, out, wait } = values
    return { period: periodOf(period), format: formatOf(format), out, wait: secondsOf('--wait', wait), target: targetOf(values) }
  },
  run,
})

import { openAsBlob } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ServiceError, unavailable } from '../../lib/core/errors.ts'
import { Instant } from '../../lib/core/period.ts'
import { contentFrom } from '../../lib/runtime/content.ts'
import { checkFile } from '../../lib/settlements/check.ts'
import { contract } from '../../lib/settlements/contract.ts'
import type { Settlement } from '../../lib/settlements/settlement.ts'
import { fileOf, refuse, secondsOf } from './arguments.ts'
import { chunksOf } from './chunks.ts'
import { type Call, connect } from './client.ts'
import { command, type Output, writeAll } from './command.ts'
import { describeReport } from './settlement-report.ts'
import { TARGET, TARGET_HELP, type Target, targetOf } from './target.ts'

type Request = { file: string; check: boolean; json: boolean; statedAt: string | undefined; wait: number; target: Target }

const HELP = `cosell settlements FILE.csv[.gz] [--check] [--json] [--stated-at INSTANT] [--wait 3600] [--url URL] [--token TOKEN]

Imports a marketplace's file about money and prints what became of its rows: AWS's Seller Data Feeds, Microsoft's orders, revenue,
earnings and payments. What is recorded already stays as it is, so that a file may be imported again.
  --check              only read the file, here and without a service; the exit code is 1 when something is wrong with it
  --json               print the report as JSON
  --stated-at INSTANT  when the file was made, for Microsoft's files: the later one holds; now, if it is not said
  --wait 3600          how many seconds to wait until it is read
${TARGET_HELP}`

const AGAIN_MS = 500

const check = async ({ file, json }: Request, { stdout, stderr }: Output): Promise<number> => {
  const { report, failure } = await checkFile(contentFrom(() => chunksOf(file), 0))
  if (failure) {
    const details = failure.details.map(({ target, message }) => `  ${target}: ${message}\n`)
    await writeAll(stderr, `${file}: ${failure.message}\n${details.join('')}`)
    return 1
  }
  await writeAll(stdout, json ? `${JSON.stringify(report, null, 2)}\n` : describeReport(report, true))
  return report.outcomes.rejected > 0 ? 1 : 0
}

const upload = async (file: string, url: string) => {
  const answer = await fetch(url, { method: 'PUT', body: await openAsBlob(file) }).catch((cause: unknown) => {
    throw unavailable(`${file} could not be uploaded: try again`, cause)
  })
  if (!answer.ok) throw unavailable(`${file} could not be uploaded (${answer.status}): ${(await answer.text()).slice(0, 200)}`)
}

const isOver = ({ status }: Settlement) => status === 'done' || status === 'failed'

/** Asks until the file is read. */
const awaited = async (call: Call, settlementId: string, wait: number): Promise<Settlement> => {
  const end = performance.now() + wait * 1000
  for (;;) {
    const settlement = await call(contract.getSettlement, { path: { settlementId } })
    if (isOver(settlement)) return settlement
    if (performance.now() > end)
      throw unavailable(
        `${settlementId} is not read after ${wait} seconds: it goes on, GET /v1/settlements/${settlementId} tells`,
      )
    await pause(AGAIN_MS)
  }
}

const send = async ({ file, json, statedAt, wait, target }: Request, { stdout }: Output): Promise<number> => {
  await stat(file)
  const call = await connect(target, { role: 'finance' })
  const asked = await call(contract.requestSettlement, { body: { fileName: basename(file), ...(statedAt && { statedAt }) } })
  await upload(file, asked.upload.url)
  const settlement = await awaited(call, asked.id, wait)
  const { status, reason, report } = settlement
  if (status === 'failed') throw new ServiceError('invalid_request', `${asked.id} failed: ${reason}`)
  await writeAll(stdout, json ? `${JSON.stringify(settlement, null, 2)}\n` : `${asked.id} ${describeReport(report)}`)
  return report.outcomes.rejected > 0 ? 1 : 0
}

const instantOf = (text: string): string =>
  Instant.safeParse(text).success ? text : refuse(`--stated-at ${text}: an instant in UTC like 2026-12-04T08:00:00Z`)

/** `cosell settlements`: imports, or only checks, a marketplace's file about money. */
export const settlementsCommand = command({
  help: HELP,
  requestOf: (args): Request => {
    const options = {
      ...TARGET,
      check: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      'stated-at': { type: 'string' },
      wait: { type: 'string', default: '3600' },
    } as const
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    const { check, json, wait, 'stated-at': stated } = values
    return {
      file: fileOf(positionals, 'cosell settlements FILE.csv[.gz]'),
      check,
      json,
      statedAt: stated === undefined ? undefined : instantOf(stated),
      wait: secondsOf('--wait', wait),
      target: targetOf(values),
    }
  },
  run: (request, output) => (request.check ? check(request, output) : send(request, output)),
})

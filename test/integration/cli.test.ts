import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MetricEvent } from '../../events/metrics.ts'
import { usd } from '../support/usd.ts'
import { run } from '../unit/cli/loopback.ts'
import { attached, billed, booked, cost, onboarded, published } from '../unit/metrics/story.ts'

const root = new URL('../..', import.meta.url).pathname
const data = mkdtempSync(join(tmpdir(), 'cosell-cli-'))
const file = join(data, 'events.ndjson')

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return address && typeof address === 'object' ? address.port : 0
}

/** A real twin in a process of its own; resolves when it is ready. */
const startTwin = async (port: number): Promise<ChildProcess> => {
  const args = ['infra/local/main.ts', '--no-demo', '--port', String(port), '--data', data]
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('Cosell is ready at')) return child
  throw new Error('the twin ended before it was ready')
}

const accountOf = (n: number): MetricEvent[] => {
  const [account, partner] = [`acc-${n}`, `par-${n % 3}`]
  const currency = n % 4 === 0 ? 'EUR' : 'USD'
  const start = `2024-${String((n % 12) + 1).padStart(2, '0')}-15`
  return [
    attached(account, partner, n % 5 === 0 ? 'influenced' : 'sourced', start),
    booked(account, 120_000 + n, start, `2025${start.slice(4)}`, { currency }),
    billed(account, 120_000 + n, start, { currency, transactionId: `tx-${n}-bill` }),
    billed(account, -100 * n - 1, '2025-01-31', { currency, kind: 'refund', corrects: `tx-${n}-bill` }),
  ]
}

/** Facts of some accounts and partners in no order, some of them twice, among events that no metric is made from. */
const dirtyLines = (): string[] => {
  const partners = [0, 1, 2].flatMap((n) => [
    onboarded(`par-${n}`, `2024-0${n + 1}-01`),
    cost('support', 'partner', 5000 + n, '2024-06', { partnerId: `par-${n}` }),
    cost('acquisition', 'partner', 70_000 + n, '2024-03', { partnerId: `par-${n}` }),
  ])
  const rates = [published('EUR', 'USD', '2024-01-01', '1.0850'), published('EUR', 'USD', '2024-07-01', '1.1012')]
  const events = [...partners, ...rates, ...Array.from({ length: 40 }, (_, n) => accountOf(n)).flat()]
  const scattered = events.map((_, i) => events[(i * 101) % events.length]).filter((event) => event !== undefined)
  const twice = scattered.filter((_, i) => i % 7 === 0)
  return [...scattered, ...twice, { type: 'offer.accepted.v1' }].map((event) => JSON.stringify(event))
}

describe('the command line on a twin', () => {
  let twin: ChildProcess
  let at: string[]
  const lines = dirtyLines()
  const unique = new Set(lines).size - 1

  beforeAll(async () => {
    writeFileSync(file, `${lines.join('\n')}\n`)
    const port = await freePort()
    twin = await startTwin(port)
    at = ['--url', `http://127.0.0.1:${port}`]
  })
  afterAll(async () => {
    twin.kill()
    await once(twin, 'exit')
  })

  it('ingests a dirty file twice, after which live metrics equal those of the file', async () => {
    const repeats = lines.length - 1 - unique
    const first = await run('ingest', file, ...at)
    expect([first.code, first.out]).toEqual([0, `${unique} recorded, ${repeats} known already, 0 bad\n`])
    const second = await run('ingest', file, ...at)
    expect([second.code, second.out]).toEqual([0, `0 recorded, ${lines.length - 1} known already, 0 bad\n`])
    const verified = await run('verify', '--from', file, '--wait', '25', ...at)
    expect([verified.code, verified.err]).toEqual([0, ''])
    expect(verified.out).toMatch(new RegExp(`^equal: ${unique} events\n`))
  })

  it('lets the service compare its numbers with its events, and has nothing to replay', async () => {
    for (const command of [['verify'], ['verify', '--level', 'sums'], ['replay', '--reason', 'a test']]) {
      const { code, out, err } = await run(...command, '--wait', '25', ...at)
      expect([code, err]).toEqual([0, ''])
      expect(out).toMatch(
        command.includes('sums') ? /^ver_\w+ equal: \d+ sums of \d+ rows\n$/ : /equal: \d+ sums of \d+ rows and /,
      )
      if (!command.includes('sums')) expect(out).toContain(` and ${unique} events\n`)
    }
  })

  it('tells the same findings of the service as of the file', async () => {
    const [live, batch] = [await run('findings', '--json', ...at), await run('findings', '--from', file, '--json')]
    const sorted = (out: string) => out.trim().split('\n').sort()
    expect([live.code, batch.code, live.err]).toEqual([0, 0, ''])
    expect(sorted(live.out).length).toBeGreaterThan(10)
    expect(sorted(live.out).join() === sorted(batch.out).join()).toBe(true)
    expect(live.out).toContain('"signed-never-paid"')
    const { out } = await run('findings', '--kind', 'rate-missing', ...at)
    expect(out).toBe('no findings\n')
  })

  it('finds the difference when the file holds another story', async () => {
    const other = join(data, 'other.ndjson')
    writeFileSync(other, `${[...new Set(lines)].slice(1).join('\n')}\n`)
    const { code, out } = await run('verify', '--from', other, '--wait', '0', ...at)
    expect([code, out]).toEqual([1, expect.stringContaining(`knownEvents: ${unique} / ${unique - 1}\n`)])
  })

  it('exports a month into a folder', async () => {
    const out = join(data, 'january')
    const { code, err } = await run('export', '--period', '2025-01', '--out', out, '--wait', '20', ...at)
    expect([code, err]).toEqual([0, ''])
    expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))).toMatchObject({ period: '2025-01' })
    for (const name of ['metrics.csv', 'transactions.csv', 'partners.csv']) expect(existsSync(join(out, name))).toBe(true)
  })

  it('makes the same page of the service and of the file', async () => {
    const ofService = await run('report', '--period', '2025-01', ...at)
    const ofFile = await run('report', '--period', '2025-01', '--from', file)
    expect([ofService.code, ofFile.code]).toEqual([0, 0])
    expect(ofService.out).toBe(ofFile.out)
    expect(ofFile.out).toContain('<h1>Partner programme, January 2025</h1>')
  })

  it('plans an offer, and names what is wrong with it', async () => {
    const offer = {
      marketplace: 'aws',
      partnerId: 'par-1',
      accountId: 'acc-1',
      name: 'Ledger for Fabrikam',
      productId: 'prod-cosell0ledger',
      listPrice: usd(12_000_000),
      price: usd(10_000_000),
      termMonths: 12,
      expiresOn: '2020-01-31',
      buyerAccountIds: ['310000000009'],
      grants: [{ dimension: 'seats', quantity: 1 }],
    }
    const path = join(data, 'offer.json')
    writeFileSync(path, JSON.stringify(offer))
    const planned = await run('plan', path, '--role', 'partner', '--partner', 'par-1', ...at)
    expect([planned.code, planned.err, JSON.parse(planned.out)]).toEqual([
      1,
      expect.stringMatching(/^partnerId: .*\naccountId: .*\nexpiresOn: /),
      expect.objectContaining({ Catalog: 'AWSMarketplace' }),
    ])
    writeFileSync(path, JSON.stringify({ ...offer, termMonths: 'twelve', price: undefined }))
    const { code, err } = await run('plan', path, ...at)
    expect([code, err]).toEqual([1, expect.stringMatching(/offer\.json: .*400.*\n {2}price: .*\n {2}termMonths: /)])
  })
})

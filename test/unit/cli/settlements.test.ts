import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { run } from './loopback.ts'

const folder = mkdtempSync(join(tmpdir(), 'cosell-settlements-'))
const write = (name: string, text: string | Uint8Array) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const HEADER =
  'billing_event_id,agreement_id,action,transaction_type,amount,currency,balance_impacting,invoice_date,update_date,color'
const row = (id: string, what: string, amount: string) =>
  `${id},agmt-1,${what},${amount},USD,1,2026-12-01T00:00:00Z,2026-12-02T00:00:00Z,red`
const good = [row('be1', 'INVOICED,SELLER_REV_SHARE', '100.00'), row('be2', 'INVOICED,AWS_REV_SHARE', '-3.00')]

describe('cosell settlements --check', () => {
  it('tells what is in a file, without any service', async () => {
    const { code, out, err } = await run(
      'settlements',
      write('good.csv', `\ufeff${[HEADER, ...good].join('\r\n')}\r\n`),
      '--check',
    )
    expect([code, err]).toEqual([0, ''])
    expect(out.split('\n')).toEqual([
      'aws-billing-events: 2 rows',
      '               1  for the books',
      '               1  left to another source: invoices to the agreement, tax items to the billing events',
      'it begins with a byte order mark',
      'unknown columns: color',
      'totals by type',
      '              100.00 USD  INVOICED SELLER_REV_SHARE (1)',
      '               -3.00 USD  INVOICED AWS_REV_SHARE (1)',
      '',
    ])
  })

  it('reads a compressed file as what it holds, and says of one that is cut off what to do', async () => {
    const whole = gzipSync([HEADER, ...good, ''].join('\n'))
    expect(await run('settlements', write('good.csv.gz', whole), '--check')).toMatchObject({
      code: 0,
      out: expect.stringContaining('aws-billing-events: 2 rows'),
    })
    expect(await run('settlements', write('cut.csv.gz', whole.subarray(0, -9)), '--check')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/cut\.csv\.gz: the compressed file .*\n {2}gzip: .* cut off: import it again/),
    })
  })

  it('names each bad line with column and reason, and fails', async () => {
    const text = [HEADER, good[0], row('be3', 'INVOICED,AWS_REV_SHARE', 'three'), 'be4,agmt'].join('\n')
    const { code, out } = await run('settlements', write('bad.csv', text), '--check')
    expect(code).toBe(1)
    expect(out).toContain('  line 3: amount is "three", not an amount like -1200.00\n')
    expect(out).toContain('  line 4: the file is cut off here: 2 of 10 fields, and no end of the line\n')
  })

  it('says of a file of no known kind what each kind has', async () => {
    const { code, out, err } = await run('settlements', write('other.csv', 'name,age\n'), '--check')
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(
      /other\.csv: the first line is the header of no file that is known\n {2}aws-offers: lacks .*\n {2}aws-billing-events: lacks billing_event_id, /,
    )
  })

  it('prints the report as JSON', async () => {
    const { out } = await run('settlements', write('good.csv', [HEADER, ...good].join('\n')), '--check', '--json')
    expect(JSON.parse(out)).toMatchObject({ kind: 'aws-billing-events', rows: 2, unknownColumns: ['color'] })
  })

  it.each([
    [['settlements', '--check'], 'the file is missing'],
    [['settlements', 'x.csv', '--stated-at', 'today'], '--stated-at today: an instant'],
  ])('refuses %j', async (args, message) => {
    const { code, err } = await run(...args)
    expect([code, err]).toEqual([2, expect.stringContaining(message)])
  })
})

// Example files of both marketplaces beside the repository; without them there is nothing to read.
const REFERENCE = new URL('../../../../shared/reference/', import.meta.url).pathname
const FOLDERS = ['aws-examples', 'azure-examples/analytics', 'azure-examples/payouts'].map((name) => join(REFERENCE, name))
const examples = FOLDERS.filter((path) => existsSync(path)).flatMap((path) =>
  readdirSync(path)
    .filter((name) => name.endsWith('.csv'))
    .map((name) => join(path, name)),
)

describe.skipIf(examples.length === 0)('the example files', () => {
  it.each(examples)('%s is read without a problem', async (file) => {
    const { code, out } = await run('settlements', file, '--check', '--json')
    expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ unknownColumns: [], rejections: [] })])
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Link } from '../../../lib/settlements/entry.ts'
import { FORMATS } from '../../../lib/settlements/formats/all.ts'
import { type Line, openReading } from '../../../lib/settlements/reading.ts'
import { emptyReport } from '../../../lib/settlements/report.ts'
import { type Linked, noChanges, takeLine } from '../../../lib/settlements/take.ts'
import { feedFile } from '../../support/aws-feeds.ts'

const read = (text: string) => {
  const lines: Line[] = []
  const reading = openReading(FORMATS, '2027-02-01T00:00:00', (line) => lines.push(line))
  reading.push(new TextEncoder().encode(text))
  reading.end()
  return { kind: reading.head()?.kind, unknown: reading.head()?.unknownColumns, lines }
}
const told = (line: Line | undefined) => (line && 'row' in line ? line.row : line?.rejected)

describe("a feed of AWS's Seller Data Feeds", () => {
  it.each([
    ['accounts', 'aws-accounts', 'account'],
    ['agreements', 'aws-agreements', 'agreement ACTIVE'],
    ['agreement-terms', 'aws-agreement-terms', 'term of an agreement'],
    ['agreement-charges', 'aws-agreement-charges', 'charge of an agreement'],
    ['addresses', 'aws-addresses', 'address'],
    ['products', 'aws-products', 'product'],
    ['offers', 'aws-offers', 'offer'],
    ['offer-products', 'aws-offer-products', 'product of an offer'],
    ['offer-targets', 'aws-offer-targets', 'target of an offer'],
    ['legacy-ids', 'aws-legacy-ids', 'legacy id OFFER'],
    ['daily-usage', 'aws-daily-usage', 'usage of a day'],
  ] as const)('of %s is recognised by its header, and noted', (name, kind, type) => {
    const { lines, ...head } = read(feedFile(name, {}))
    expect(head).toEqual({ kind, unknown: [] })
    expect(told(lines[0])).toMatchObject({ type, treatment: 'noted', entries: [] })
  })

  it('of tax items is left to the billing events, with totals by who owes the tax', () => {
    const { kind, lines } = read(
      feedFile(
        'tax-items',
        {},
        { tax_liable_party: 'AWS', tax_amount: '-0.36', transaction_type_code: 'REFUND' },
        { tax_liable_party: '' },
      ),
    )
    expect(kind).toBe('aws-tax-items')
    expect(lines.map(told)).toMatchObject([
      { type: 'SELLER_TAX_SHARE AWS', amount: { amount: 2060, currency: 'USD' }, treatment: 'elsewhere', entries: [], links: [] },
      { type: 'AWS_TAX_SHARE REFUND', amount: { amount: -36 } },
      { type: 'tax of nobody named AWS' },
    ])
  })

  it('may have columns in capitals and columns that are not documented, which are told', () => {
    const [header = '', ...rows] = feedFile('accounts', {}).split('\n')
    const text = [`${header.toUpperCase()},NEW_ONE`, ...rows.map((row) => (row ? `${row},x` : ''))].join('\n')
    expect(read(text)).toMatchObject({ kind: 'aws-accounts', unknown: ['NEW_ONE'] })
  })

  it.each([
    ['an account without id', 'accounts', { account_id: '' }, 'account_id', /is empty, not an id/],
    ['an account of no time', 'accounts', { update_date: 'soon' }, 'update_date', /is "soon", not an instant/],
    ['an agreement without id', 'agreements', { agreement_id: 'a b' }, 'agreement_id', /not an id/],
    ['a revision of no offer', 'offers', { offer_revision: '' }, 'offer_revision', /is empty/],
    ['a tax item without amount', 'tax-items', { tax_amount: 'much' }, 'tax_amount', /not an amount/],
    ['a tax item without currency', 'tax-items', { tax_currency: 'dollars' }, 'tax_currency', /not a currency/],
    ['a tax item of no day', 'tax-items', { invoice_date: '2018-13-31' }, 'invoice_date', /not a date/],
    ['a tax item without id', 'tax-items', { tax_item_id: '' }, 'tax_item_id', /not an id/],
  ] as const)('rejects %s', (_, name, change, column, reason) => {
    expect(told(read(feedFile(name, change)).lines[0])).toEqual({ column, reason: expect.stringMatching(reason) })
  })

  it('that is cut off rejects its last line', () => {
    const text = feedFile('accounts', {}, { account_id: 'feed-2' }).slice(0, -30)
    expect(read(text).lines.map(told)).toMatchObject([{ treatment: 'noted' }, { reason: expect.stringContaining('cut off') }])
  })
})

const linksOf = (text: string): Link[] => read(text).lines.flatMap((line) => ('row' in line ? line.row.links : []))

describe('what a feed tells about rows of other feeds', () => {
  it.each([
    ['an AWS account', { aws_account_id: '444456660000' }, '444456660000'],
    ['an AWS account that lost its zeros', { aws_account_id: '4456660000' }, '004456660000'],
    ['nothing for what is no AWS account', { aws_account_id: 'AWS' }, ''],
    ['nothing any more of a deleted account', { delete_date: '2027-01-02T00:00:00Z' }, ''],
    ['an AWS account where the date of deletion is a word', { delete_date: 'null' }, '310000000001'],
  ] as const)('is %s', (_, change, awsAccountId) => {
    expect(linksOf(feedFile('accounts', change))).toEqual([
      { key: 'aws:account:feed-1', statedAt: '2027-01-11T00:00:00#2027-01-10T00:00:00', awsAccountId },
    ])
  })

  it("is an agreement's offer and who accepted it", () => {
    expect(linksOf(feedFile('agreements', {}, { offer_id: '', acceptor_account_id: 'null id' }))).toMatchObject([
      { key: 'aws:agreement:agmt-1', offerId: 'offer-1', acceptorId: 'feed-1' },
      { offerId: '', acceptorId: '' },
    ])
  })

  it('holds as it was updated last, in whatever order and however often it is told', () => {
    const day = fc.constantFrom('2027-01-10', '2027-01-11', '2027-01-12')
    const statement = fc.record({ update: day, valid: day, aws: fc.constantFrom('1', '2', '3'), deleted: fc.boolean() })
    const fileOf = (statements: { update: string; valid: string; aws: string; deleted: boolean }[]) =>
      feedFile(
        'accounts',
        ...statements.map(({ update, valid, aws, deleted }) => ({
          update_date: `${update}T00:00:00Z`,
          valid_from: `${valid}T00:00:00Z`,
          aws_account_id: aws,
          delete_date: deleted ? `${update}T00:00:00Z` : '',
        })),
      )
    const heldAfter = (text: string) => {
      const links = new Map<string, Linked>()
      const known = {
        settled: () => undefined,
        link: (key: string) => links.get(key),
        owner: () => ({ name: '', owner: undefined }),
      }
      const by = { settlementId: 'stl_1', hash: (each: string) => each }
      for (const line of read(text).lines) {
        const changes = noChanges()
        takeLine(line, known, changes, emptyReport(), by)
        for (const [key, each] of changes.links) links.set(key, { ...each, version: each.version + 1 })
      }
      return links.get('aws:account:feed-1')?.link
    }
    const shuffled = fc
      .array(statement, { minLength: 1, maxLength: 6 })
      .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length })))
    fc.assert(
      fc.property(shuffled, ([once, again]) => {
        const held = heldAfter(fileOf(once))
        expect(heldAfter(fileOf(again))).toEqual(held)
        const last = once
          .map(({ update, valid }) => `${update}T00:00:00#${valid}T00:00:00`)
          .toSorted()
          .at(-1)
        expect(held?.statedAt).toBe(last)
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterRepeat, emptyReport, type Outcome, type Report } from '../../../lib/settlements/report.ts'
import { nextRepeat } from '../../../lib/settlements/rule.ts'
import { begin, complete, fail, repeat, requestSettlement, told } from '../../../lib/settlements/settlement.ts'
import { contextAt } from '../../support/offers.ts'

const RULE = { repeatEveryDays: 1, repeatForDays: 60 }

describe('the next repeat of an import with unmatched rows', () => {
  it.each([
    ['the day after it was read', RULE, '2027-01-01T08:00:00.000Z', '2027-01-01T08:05:00.000Z', '2027-01-02T08:05:00.000Z'],
    ['until its days are over', RULE, '2027-01-01T08:00:00.000Z', '2027-03-01T07:59:00.000Z', '2027-03-02T07:59:00.000Z'],
    ['and not after them', RULE, '2027-01-01T08:00:00.000Z', '2027-03-01T08:01:00.000Z', undefined],
    [
      'after as many days as are set',
      { repeatEveryDays: 7, repeatForDays: 30 },
      '2027-01-01T08:00:00.000Z',
      '2027-01-02T08:00:00.000Z',
      '2027-01-09T08:00:00.000Z',
    ],
    ['or never', { ...RULE, repeatForDays: 0 }, '2027-01-01T08:00:00.000Z', '2027-01-01T08:05:00.000Z', undefined],
  ])('is %s', (_, rule, requestedAt, now, next) => {
    expect(nextRepeat(rule, requestedAt, now)).toBe(next)
  })
})

it('a repeat that fails leaves what was read before: the report, the rejected rows, and says why', () => {
  const context = contextAt('2027-01-01T08:00:00.000Z')
  const request = requestSettlement({ fileName: 'feed.csv' }, 'fay', context).settlement
  const read = complete(begin(request, 'etag-1'), ['rejected-1.csv'], RULE, context).settlement
  const failed = fail(repeat(read, context).settlement, 'the upload is gone', context)
  expect(told(failed.settlement)).toMatchObject({ status: 'failed', report: read.report, files: ['rejected-1.csv'] })
  expect(failed.settlement.reason).toBe('the upload is gone')
})

const reportOf = (outcomes: Partial<Report['outcomes']>, ledgers = {}): Report => {
  const empty = emptyReport()
  return { ...empty, outcomes: { ...empty.outcomes, ...outcomes }, ledgers }
}

describe('the report after a repeat', () => {
  it.each([
    ['recorded now', { recorded: 3, duplicate: 5, unmatched: 1 }, { recorded: 8, duplicate: 1, unmatched: 1 }],
    ['recorded by another file meanwhile', { duplicate: 8, unmatched: 1 }, { recorded: 5, duplicate: 4, unmatched: 1 }],
    [
      'restatements of what another file brought',
      { restated: 3, duplicate: 5, unmatched: 1 },
      { recorded: 5, restated: 3, duplicate: 1, unmatched: 1 },
    ],
    ['still not known', { duplicate: 5, unmatched: 4 }, { recorded: 5, duplicate: 1, unmatched: 4 }],
  ] as [string, Partial<Report['outcomes']>, Partial<Report['outcomes']>][])('counts rows that are %s', (_, now, after) => {
    const before = reportOf({ recorded: 5, duplicate: 1, unmatched: 4 }, { cash: 5 })
    expect(afterRepeat(before, reportOf(now, { cash: 1, billed: 2 }))).toMatchObject({
      ...reportOf(after),
      ledgers: { cash: 6, billed: 2 },
    })
  })

  it('counts each row once, whatever the repeats took', () => {
    const counts = fc.record({ recorded: fc.nat(9), restated: fc.nat(9), duplicate: fc.nat(9), unmatched: fc.nat(9) })
    const rowsOf = ({ outcomes }: Report) => Object.values(outcomes).reduce((sum, count) => sum + count, 0)
    fc.assert(
      fc.property(counts, fc.array(counts, { maxLength: 4 }), (first, repeats) => {
        const after = repeats.reduce((report, now) => afterRepeat(report, reportOf(now)), reportOf(first))
        expect(rowsOf(after)).toBe(rowsOf(reportOf(first)))
        for (const outcome of ['recorded', 'restated', 'duplicate', 'unmatched'] satisfies Outcome[])
          expect(after.outcomes[outcome]).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

import { describe, expect, it } from 'vitest'
import type { ApprovalFacts } from '../../../events/approval.ts'
import { Condition, findingsOf } from '../../../lib/approvals/condition.ts'
import { FACTS } from '../../support/policy.ts'
import { usd } from '../../support/usd.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const unknownDiscount = (() => {
  const { discountPermille: _, ...facts } = FACTS
  return facts
})()

/** What a condition finds in offers that differ from the usual one. */
const TABLE: [name: string, condition: Condition, facts: Partial<ApprovalFacts>, finding: string | undefined][] = [
  ['any offer', { always: true }, {}, 'every offer is looked at'],

  ['a discount at the limit', { discountAbovePermille: 100 }, { discountPermille: 100 }, undefined],
  [
    'a discount above the limit',
    { discountAbovePermille: 100 },
    { discountPermille: 101 },
    'the discount of 10.1 % is above 10 %',
  ],
  ['no discount where none is free', { discountAbovePermille: 0 }, { discountPermille: 0 }, undefined],

  ['a total at the limit', { totalAbove: { USD: 500 } }, { total: usd(500) }, undefined],
  ['a total above', { totalAbove: { USD: 500 } }, { total: usd(501) }, 'the total of 501 is above 500 minor units of USD'],
  ['its own currency first', { totalAbove: { USD: 500, other: 1 } }, { total: usd(500) }, undefined],
  ['another currency at the limit', { totalAbove: { USD: 500, other: 400 } }, { total: eur(400) }, undefined],
  [
    'another currency above',
    { totalAbove: { USD: 500, other: 400 } },
    { total: eur(401) },
    'the total of 401 is above 400 minor units of EUR',
  ],
  [
    'a currency without a limit, however small the total',
    { totalAbove: { USD: 500 } },
    { total: eur(1) },
    'the total is in EUR, for which there is no limit',
  ],

  ['a term at the limit', { termAboveMonths: 36 }, { termMonths: 36 }, undefined],
  ['a longer term', { termAboveMonths: 36 }, { termMonths: 37 }, 'the term in months of 37 is above 36'],

  ['payments at the limit', { installmentsAbove: 4 }, { installments: 4 }, undefined],
  ['more payments', { installmentsAbove: 4 }, { installments: 5 }, 'the number of payments of 5 is above 4'],

  ['a first payment on the last day', { firstPaymentAfterDays: 30 }, { firstPaymentDays: 30 }, undefined],
  [
    'a first payment a day later',
    { firstPaymentAfterDays: 30 },
    { firstPaymentDays: 31 },
    'the first payment in days from now of 31 is above 30',
  ],
  ['a last payment on the last day', { lastPaymentAfterDays: 365 }, { lastPaymentDays: 365 }, undefined],
  [
    'a last payment a day later',
    { lastPaymentAfterDays: 365 },
    { lastPaymentDays: 366 },
    'the last payment in days from now of 366 is above 365',
  ],

  ['half of it due late', { backLoadedAbovePermille: 500 }, { backLoadedPermille: 500 }, undefined],
  [
    'more than half of it due late',
    { backLoadedAbovePermille: 500 },
    { backLoadedPermille: 501 },
    'the share due in the second half of the term of 50.1 % is above 50 %',
  ],

  ['standard terms', { customTerms: true }, {}, undefined],
  ['other terms', { customTerms: true }, { customTerms: true }, 'the terms are not the standard ones'],

  ['an end', { renewsItself: true }, {}, undefined],
  ['a renewal by itself', { renewsItself: true }, { renewsItself: true }, 'it renews itself, at prices that are agreed now'],

  ['another marketplace', { marketplaces: ['azure'] }, {}, undefined],
  ['the marketplace', { marketplaces: ['azure', 'aws'] }, {}, 'it is for the marketplace aws'],
  ['another partner', { partners: ['par_2'] }, {}, undefined],
  ['the partner', { partners: ['par_2', 'par_1'] }, {}, 'it is asked for by par_1'],
  ['another type of partner', { partnerTypes: ['msp'] }, {}, undefined],
  ['the type of partner', { partnerTypes: ['msp', 'reseller'] }, {}, 'its partner is of type reseller'],

  ['one of two that do not both hold', { customTerms: true, termAboveMonths: 36 }, { customTerms: true }, undefined],
  [
    'both of two',
    { termAboveMonths: 36, customTerms: true },
    { customTerms: true, termMonths: 48 },
    'the term in months of 48 is above 36 and the terms are not the standard ones',
  ],
]

describe('a condition', () => {
  it.each(TABLE)('finds in %s: %j', (_, condition, facts, finding) => {
    expect(findingsOf(condition, { ...FACTS, ...facts })).toBe(finding)
  })

  it('on the discount holds where no list price counts', () => {
    expect(findingsOf({ discountAbovePermille: 1000 }, unknownDiscount)).toContain("the partner's own statement")
  })

  it('has a row above for every one there is, holding and not', () => {
    const names = Object.keys(Condition.shape).sort()
    const rowsOf = (holds: boolean) =>
      TABLE.filter(([, , , finding]) => (finding !== undefined) === holds).flatMap(([, condition]) => Object.keys(condition))
    expect([...new Set(rowsOf(true))].sort()).toEqual(names)
    expect([...new Set(rowsOf(false)), 'always'].sort()).toEqual(names)
  })
})

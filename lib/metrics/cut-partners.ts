import { type Account, accountOf } from './account.ts'
import { type Aggregates, add, addDay, daysIn, emptyAggregates, measureOf, PROGRAMME, seriesOf } from './aggregate.ts'
import { addCustomer, addSpend } from './cac.ts'
import type { Fact } from './fact.ts'
import { addRetention } from './nrr.ts'
import { type Divide, type Pieces, pieceOf, type Whole } from './pieces.ts'
import { addRevenue } from './revenue.ts'
import { addPartnerCost } from './ropi.ts'
import type { Row } from './row.ts'
import { cellsIn } from './sums.ts'
import { addFirstRevenue, addOnboarding } from './ttv.ts'

type GroupOf = (partnerId: string) => string

/** An account counts once in a group, however many partners of it are attached. */
const addAttached = (pieces: Pieces, account: Account, groupOf: GroupOf, { rates, until }: Whole) => {
  const spans = account.spans.map((span) => ({ ...span, partnerId: groupOf(span.partnerId) }))
  for (const [group, own] of Map.groupBy(spans, ({ partnerId }) => partnerId)) {
    const attached = { ...account, spans: own }
    addRetention(pieceOf(pieces, group), attached, rates, until)
    addCustomer(pieceOf(pieces, group), attached, rates)
  }
}

const TOUCHES = measureOf('revenue', 'touches')
const OF_TOUCH = [measureOf('revenue', 'touched'), TOUCHES, measureOf('revenue', 'touches-extrapolated')]

/** The credit for one transaction goes to partners, and with them to their groups; a group touched it once. */
const addCredit = (pieces: Pieces, credit: Aggregates, groupOf: GroupOf) => {
  const touched = new Set<string>()
  for (const [scope, series] of credit.monthly.revenue) {
    if (scope === PROGRAMME) continue
    const group = groupOf(scope)
    const sums = seriesOf(pieceOf(pieces, group), 'revenue', group)
    const cells = [...cellsIn(series)]
    for (const { month, measure, value } of cells)
      if (!OF_TOUCH.includes(measure) || !touched.has(group)) add(sums, month, measure, value)
    if (cells.some(({ measure }) => measure === TOUCHES)) touched.add(group)
  }
}

const addCredits = (pieces: Pieces, account: Account, groupOf: GroupOf, { rates }: Whole) => {
  for (const transaction of account.counted) {
    const credit = emptyAggregates()
    addRevenue(credit, { ...account, counted: [transaction] }, rates)
    addCredit(pieces, credit, groupOf)
  }
}

const factsOf = <Type extends Fact['type']>({ facts }: Row, type: Type) =>
  [...facts.values()].filter((fact): fact is Extract<Fact, { type: Type }> => fact.type === type)

/** As for single partners: what is shared or names no partner belongs to no group. */
const addCosts = (pieces: Pieces, { row, rates }: Whole, groupOf: GroupOf) => {
  for (const cost of factsOf(row, 'cost')) {
    if (!cost.partnerId || cost.channel === 'shared') continue
    const group = groupOf(cost.partnerId)
    addSpend(pieceOf(pieces, group), [cost], rates)
    addPartnerCost(pieceOf(pieces, group), [{ ...cost, partnerId: group }], rates)
  }
}

/** The days of single partners stay theirs, in the piece of their group. */
const addDays = (pieces: Pieces, account: Account, groupOf: GroupOf, { row }: Whole) => {
  const own = emptyAggregates()
  addFirstRevenue(own, account)
  addOnboarding(own, factsOf(row, 'milestone'))
  for (const family of ['onboarding', 'first-revenue'] as const) {
    for (const partnerId of own.daily[family].keys())
      for (const day of daysIn(own, family, partnerId)) addDay(pieceOf(pieces, groupOf(partnerId)), family, day, partnerId)
  }
}

/** Puts partners together into groups. */
export const byPartner =
  (groupOf: GroupOf): Divide =>
  (pieces, whole) => {
    const account = accountOf(whole.row)
    addAttached(pieces, account, groupOf, whole)
    addCredits(pieces, account, groupOf, whole)
    addCosts(pieces, whole, groupOf)
    addDays(pieces, account, groupOf, whole)
  }

import { accountWith } from '../account.ts'
import type { Aggregates } from '../aggregate.ts'
import { monthOf } from '../calendar.ts'
import { addEvents, addParts } from '../contribution.ts'
import type { Attachment, Cost, Milestone } from '../fact.ts'
import type { RateTable } from '../rates.ts'
import { type Counted, countedOf } from '../transaction.ts'
import { type Corrected, reversalKey } from './corrections.ts'
import type { Group } from './group.ts'
import {
  AT,
  CODES,
  currencyIn,
  currencyName,
  firstCodeIn,
  REPEATED,
  SORTS,
  secondCodeIn,
  serviceIn,
  sortIn,
  WORDS,
} from './record.ts'

export type Known = { corrected: Corrected; partners: string[]; rates: RateTable; until: number }

const COST = SORTS.indexOf('cost')

type Change = Omit<Attachment, 'id'>

const currencies = new Map<number, string>()
const currencyOf = (head: number): string => {
  const number = currencyIn(head)
  const known = currencies.get(number)
  if (known !== undefined) return known
  currencies.set(number, currencyName(number))
  return currencyName(number)
}

/** Makes facts of records. */
const factsIn = ({ records }: Group, { corrected, partners }: Known) => {
  const amounts = new Float64Array(records.buffer, records.byteOffset, records.length / 2)
  const amountAt = (at: number) => amounts[(at + AT.amount) / 2] ?? 0
  const wordAt = (at: number) => records[at] ?? 0
  const partnerAt = (at: number) => partners[wordAt(at + AT.partner)]

  const originalOf = (at: number) => {
    const number = wordAt(at + AT.corrects)
    return number < 0 ? undefined : corrected.originals.get(number)
  }
  const reversedAt = (at: number, currency: number): number => {
    const number = wordAt(at + AT.transaction)
    return number < 0 ? 0 : (corrected.reversals.get(reversalKey(number, currency)) ?? 0)
  }

  return {
    counted: (at: number): Counted | undefined => {
      const head = wordAt(at)
      const [ledgers, kinds] = CODES.transaction
      const fact = {
        ledger: ledgers[firstCodeIn(head)] as (typeof ledgers)[number],
        kind: kinds[secondCodeIn(head)] as (typeof kinds)[number],
        amount: amountAt(at),
        currency: currencyOf(head),
        day: wordAt(at + AT.day),
        partnerId: partnerAt(at),
        service: serviceIn(wordAt(at + AT.service)),
      }
      return countedOf(fact, originalOf(at), reversedAt(at, currencyIn(head)))
    },
    change: (at: number, type: Change['type']): Change => {
      const role = CODES.attached[0][firstCodeIn(wordAt(at))] as Change['role']
      return { type, partnerId: partnerAt(at) ?? '', role, day: wordAt(at + AT.day) }
    },
    cost: (at: number): Cost => {
      const [head, partnerId] = [wordAt(at), partnerAt(at)]
      const [purposes, channels] = CODES.cost
      return {
        type: 'cost',
        id: '',
        purpose: purposes[firstCodeIn(head)] as Cost['purpose'],
        channel: channels[secondCodeIn(head)] as Cost['channel'],
        amount: amountAt(at),
        currency: currencyOf(head),
        month: wordAt(at + AT.day),
        ...(partnerId !== undefined && { partnerId }),
      }
    },
    milestone: (at: number): Milestone => ({
      type: 'milestone',
      id: '',
      partnerId: partnerAt(at) ?? '',
      milestone: CODES.milestone[0][firstCodeIn(wordAt(at))] as Milestone['milestone'],
      day: wordAt(at + AT.day),
    }),
  }
}

const addYears = (aggregates: Aggregates, { records }: Group) => {
  const years = new Map<number, number>()
  for (let at = 0; at < records.length; at += WORDS) {
    const sort = sortIn(records[at] ?? 0)
    if (sort === REPEATED) continue
    const day = records[at + AT.day] ?? 0
    const year = Math.floor((sort === COST ? day : monthOf(day)) / 12)
    years.set(year, (years.get(year) ?? 0) + 1)
  }
  for (const [year, events] of years) addEvents(aggregates, year, events)
}

/** Adds what the accounts of a numbered group contribute, by the same formulas as that of single rows. */
export const addGroup = (aggregates: Aggregates, group: Group, known: Known) => {
  const { records, order, starts } = group
  const facts = factsIn(group, known)
  addYears(aggregates, group)
  for (let account = 0; account + 1 < starts.length; account++) {
    const [counted, changes]: [Counted[], Change[]] = [[], []]
    const [costs, milestones]: [Cost[], Milestone[]] = [[], []]
    for (let i = starts[account] ?? 0; i < (starts[account + 1] ?? 0); i++) {
      const at = order[i] ?? 0
      const sort = SORTS[sortIn(records[at] ?? 0)]
      if (sort === 'transaction') {
        const one = facts.counted(at)
        if (one) counted.push(one)
      } else if (sort === 'cost') costs.push(facts.cost(at))
      else if (sort === 'milestone') milestones.push(facts.milestone(at))
      else changes.push(facts.change(at, sort ?? 'attached'))
    }
    addParts(aggregates, { account: accountWith(changes, counted), costs, milestones }, known.rates, known.until)
  }
}

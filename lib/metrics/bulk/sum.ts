import { accountWith } from '../account.ts'
import type { Aggregates } from '../aggregate.ts'
import type { Change } from '../attachment.ts'
import { monthOf } from '../calendar.ts'
import { addEvents, addParts } from '../contribution.ts'
import type { Cost, Milestone, Untold } from '../fact.ts'
import type { RateTable } from '../rates.ts'
import { type Counted, countedOf } from '../transaction.ts'
import { type Corrected, reversalKey } from './corrections.ts'
import type { Group } from './group.ts'
import { AT, CODES, currencyIn, currencyName, firstCodeIn, NOBODY, SORTS, secondCodeIn, serviceIn, sortIn } from './record.ts'

export type Known = { corrected: Corrected; partners: string[]; rates: RateTable; until: number }

const [TRANSACTION, ATTACHED, COST, MILESTONE] = (['transaction', 'attached', 'cost', 'milestone'] as const).map((sort) =>
  SORTS.indexOf(sort),
) as [number, number, number, number]
const LAST_YEAR = 2200

const currencies = new Map<number, string>()
const currencyOf = (head: number): string => {
  const number = currencyIn(head)
  const known = currencies.get(number)
  if (known !== undefined) return known
  currencies.set(number, currencyName(number))
  return currencyName(number)
}

const [LEDGERS, KINDS] = CODES.transaction
const COUNTING = LEDGERS.map((ledger) => ledger === 'billed' || ledger === 'booked')
const NEVER = KINDS.map((kind) => kind === 'tax' || kind === 'fee')

/** Most of what never counts is told by its codes; the formulas decide on the rest. */
const mayCount = (ledger: number, kind: number) => COUNTING[ledger] === true && NEVER[kind] === false

/** Makes facts of the records that it looks at. */
const openFacts = ({ corrected, partners }: Known) => {
  let records = new Int32Array()
  let amounts = new Float64Array()
  const amountAt = (at: number) => amounts[(at + AT.amount) / 2] ?? 0
  const wordAt = (at: number) => records[at] ?? 0
  const partnerAt = (at: number) => {
    const partner = wordAt(at + AT.partner)
    return partner === NOBODY ? undefined : partners[partner]
  }

  const originalOf = (at: number) => {
    const number = wordAt(at + AT.corrects)
    return number < 0 ? undefined : corrected.originals.get(number)
  }
  const reversedAt = (at: number, currency: number): number => {
    const number = wordAt(at + AT.transaction)
    return number < 0 ? 0 : (corrected.reversals.get(reversalKey(number, currency)) ?? 0)
  }

  return {
    look: (other: Int32Array<ArrayBuffer>) => {
      records = other
      amounts = new Float64Array(other.buffer, other.byteOffset, other.length / 2)
    },
    sortAt: (at: number) => sortIn(wordAt(at)),
    dayAt: (at: number) => wordAt(at + AT.day),
    counted: (at: number): Counted | undefined => {
      const head = wordAt(at)
      if (!mayCount(firstCodeIn(head), secondCodeIn(head))) return undefined
      const fact = {
        ledger: LEDGERS[firstCodeIn(head)] as (typeof LEDGERS)[number],
        kind: KINDS[secondCodeIn(head)] as (typeof KINDS)[number],
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
    cost: (at: number): Untold<Cost> => {
      const [head, partnerId] = [wordAt(at), partnerAt(at)]
      const [purposes, channels] = CODES.cost
      return {
        type: 'cost',
        purpose: purposes[firstCodeIn(head)] as Cost['purpose'],
        channel: channels[secondCodeIn(head)] as Cost['channel'],
        amount: amountAt(at),
        currency: currencyOf(head),
        month: wordAt(at + AT.day),
        ...(partnerId !== undefined && { partnerId }),
      }
    },
    milestone: (at: number): Untold<Milestone> => ({
      type: 'milestone',
      partnerId: partnerAt(at) ?? '',
      milestone: CODES.milestone[0][firstCodeIn(wordAt(at))] as Milestone['milestone'],
      day: wordAt(at + AT.day),
    }),
  }
}

/** Adds what the accounts of numbered groups contribute, by the same formulas as that of single rows. */
export const openSum = (aggregates: Aggregates, known: Known) => {
  // One set of functions for all groups, and one call for each account: what is short is compiled soon, and once.
  const facts = openFacts(known)
  const years = new Int32Array(LAST_YEAR)

  const countEvent = (sort: number, day: number) => {
    const year = Math.floor((sort === COST ? day : monthOf(day)) / 12)
    years[year] = (years[year] ?? 0) + 1
  }

  const addAccount = (order: Int32Array, from: number, to: number) => {
    const counted: Counted[] = []
    const changes: Change[] = []
    const costs: Untold<Cost>[] = []
    const milestones: Untold<Milestone>[] = []
    for (let i = from; i < to; i++) {
      const at = order[i] ?? 0
      const sort = facts.sortAt(at)
      countEvent(sort, facts.dayAt(at))
      if (sort === TRANSACTION) {
        const one = facts.counted(at)
        if (one) counted.push(one)
      } else if (sort === COST) costs.push(facts.cost(at))
      else if (sort === MILESTONE) milestones.push(facts.milestone(at))
      else changes.push(facts.change(at, sort === ATTACHED ? 'attached' : 'detached'))
    }
    addParts(aggregates, { account: accountWith(changes, counted), costs, milestones }, known.rates, known.until)
  }

  return {
    add: ({ records, order, starts }: Group) => {
      facts.look(records)
      for (let account = 0; account + 1 < starts.length; account++)
        addAccount(order, starts[account] ?? 0, starts[account + 1] ?? 0)
    },
    end: () => {
      for (const [year, events] of years.entries()) if (events > 0) addEvents(aggregates, year, events)
    },
  }
}

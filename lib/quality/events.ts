import type { MetricEvent } from '../../events/metrics.ts'
import { dayOf } from '../metrics/calendar.ts'
import { type Fact, factOf } from '../metrics/fact.ts'
import { rateTable } from '../metrics/rates.ts'
import { emptyRow, ratesIn, rowKeyOf } from '../metrics/row.ts'
import { addEvent, linkCorrections, type Rows } from '../metrics/rows.ts'
import { type Finding, finding, unknown } from './finding.ts'
import { findingsOf } from './quality.ts'

type Seen = { row: string; fact: Fact }

const textOf = ({ row, fact }: Seen) => JSON.stringify([row, Object.entries(fact).toSorted(([a], [b]) => (a < b ? -1 : 1))])

/** Events that bear one id and say different things: which of them holds nobody can know. */
const idTwice = (id: string, row: string): Finding =>
  finding({
    kind: 'id-twice',
    row,
    eventIds: [id],
    months: [],
    message: `${id} is the id of events that differ: only equal ones may be repeated; give one of them another id`,
    effect: unknown('which of them holds is not known'),
  })

/** Takes events in, in any order and repeated or not, and tells what is wrong with them all. Of events that differ under one id the first is taken. */
export const openFindings = (currency: string, date: string) => {
  const rows: Rows = new Map()
  const seen = new Map<string, Seen>()
  const twice = new Map<string, Finding>()

  const add = (event: MetricEvent) => {
    const row = rowKeyOf(event)
    const before = seen.get(event.id)
    if (!before) {
      addEvent(rows, event)
      const fact = rows.get(row)?.facts.get(event.id)
      if (fact) seen.set(event.id, { row, fact })
    } else if (textOf(before) !== textOf({ row, fact: factOf(event) })) twice.set(event.id, idTwice(event.id, row))
  }

  const all = (): Finding[] => {
    linkCorrections(rows)
    const rates = rateTable(ratesIn(rows.get('RATES') ?? emptyRow()), currency)
    const today = dayOf(date)
    return [...twice.values(), ...[...rows].flatMap(([key, row]) => findingsOf({ key, row, rates, today }))]
  }
  return { add, all }
}

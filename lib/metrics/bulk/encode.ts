import type { MetricEvent } from '../../../events/metrics.ts'
import { monthIndex } from '../../core/calendar.ts'
import { dayOf } from '../calendar.ts'
import { fingerprintOf } from './fingerprint.ts'
import { type Names, numberOfName } from './names.ts'
import { AT, CODES, currencyNumber, type Draft, headOf, NOBODY, SORTS, type Sort, serviceWord } from './record.ts'

/** Events that records are made of; of a rate its text is needed. */
export type Recorded = Exclude<MetricEvent, { type: 'rate.published.v1' }>

const SORT_OF: Record<Recorded['type'], Sort> = {
  'transaction.recorded.v1': 'transaction',
  'account.attached.v1': 'attached',
  'account.detached.v1': 'detached',
  'cost.recorded.v1': 'cost',
  'partner.milestone-reached.v1': 'milestone',
}

const numberOfCurrency = (text: string) => currencyNumber(text.charCodeAt(0), text.charCodeAt(1), text.charCodeAt(2))
const codeIn = (words: readonly string[], word: string) => words.indexOf(word)

const headFor = (event: Recorded): number => {
  const sort = SORT_OF[event.type]
  const [first, second] = CODES[sort]
  const head = (a: string, b = '', currency = 0) =>
    headOf(SORTS.indexOf(sort), codeIn(first, a), Math.max(codeIn(second, b), 0), currency)
  switch (event.type) {
    case 'transaction.recorded.v1':
      return head(event.data.ledger, event.data.kind, numberOfCurrency(event.data.amount.currency))
    case 'cost.recorded.v1':
      return head(event.data.purpose, event.data.channel, numberOfCurrency(event.data.amount.currency))
    case 'partner.milestone-reached.v1':
      return head(event.data.milestone)
    default:
      return head(event.data.role)
  }
}

const dayIn = ({ type, data }: Recorded): number => {
  if (type === 'cost.recorded.v1') return monthIndex(data.period)
  return dayOf('on' in data ? data.on : data.from)
}

/** Fills a draft from an event, whatever its form was. */
export const encode = ({ words, amounts }: Draft, partners: Names, event: Recorded) => {
  const { data } = event
  words.fill(0)
  words[AT.head] = headFor(event)
  words[AT.day] = dayIn(event)
  words[AT.partner] = data.partnerId === undefined ? NOBODY : numberOfName(partners, data.partnerId)
  fingerprintOf(event.id, words, AT.event)
  if ('accountId' in data) fingerprintOf(data.accountId, words, AT.key)
  // JSON has a zero below zero too.
  if ('amount' in data) amounts[AT.amount / 2] = data.amount.amount || 0
  if (!('transactionId' in data)) return
  fingerprintOf(data.transactionId, words, AT.transaction)
  if (data.corrects !== undefined) fingerprintOf(data.corrects, words, AT.corrects)
  if (data.service) words[AT.service] = serviceWord(dayOf(data.service.from), dayOf(data.service.to))
}

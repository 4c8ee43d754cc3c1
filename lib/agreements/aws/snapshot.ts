import type {
  AcceptedTerm,
  AgreementInvoiceLineItemGroupSummary,
  BillingAdjustmentSummary,
  DescribeAgreementOutput,
} from '@aws-sdk/client-marketplace-agreement'
import type { Money } from '../../core/money.ts'
import { addDays } from '../../core/period.ts'
import type { AgreementSnapshot } from '../agreement.ts'
import { invoicesOf } from './invoices.ts'
import { dateOf, exactMoney, told } from './told.ts'

/** What the marketplace's four answers about one agreement hold. */
export type Answers = {
  agreement: DescribeAgreementOutput
  terms: AcceptedTerm[]
  invoices: AgreementInvoiceLineItemGroupSummary[]
  adjustments: BillingAdjustmentSummary[]
  /** When an agreement that is over before its time last changed. */
  endedAt?: Date | undefined
}

/** What ends an agreement before its time; expiry and renewal come with the end of the term. */
export const isEndedEarly = ({ status }: DescribeAgreementOutput) =>
  ['CANCELLED', 'TERMINATED', 'REPLACED', 'ROLLED_BACK'].includes(status ?? '')

const DAY_MS = 86_400_000
const SECOND_MS = 1000
/** Usage without an end is told as none or as this year. */
const FOREVER = 9999

const timeOfDay = (instant: Date) => instant.getTime() % DAY_MS

/** The first day after the term: the end's day, but the next one if the term lasts to the end of that day. */
const exclusiveEnd = (start: Date, end: Date) => {
  const sameTime = Math.abs(timeOfDay(end) - timeOfDay(start)) < SECOND_MS
  const wholeDay = timeOfDay(end) >= DAY_MS - SECOND_MS
  return addDays(dateOf(end), wholeDay && !sameTime ? 1 : 0)
}

/** The term in days; undefined without an end, or when it ended on the day of its start. */
export const serviceOf = (start: Date, end: Date | undefined): AgreementSnapshot['service'] => {
  if (!end || end.getUTCFullYear() >= FOREVER) return undefined
  const service = { from: dateOf(start), to: exclusiveEnd(start, end) }
  return service.from < service.to ? service : undefined
}

const statusOf = ({ status }: DescribeAgreementOutput, begun: boolean): AgreementSnapshot['status'] => {
  if (status !== 'ACTIVE') return 'ended'
  return begun ? 'active' : 'pending'
}

/** What was rolled back never began. */
const endOf = ({ agreement, endedAt }: Answers, service: AgreementSnapshot['service'], now: Date) => {
  if (!service || !isEndedEarly(agreement)) return {}
  const day = agreement.status === 'ROLLED_BACK' ? service.from : dateOf(endedAt ?? now)
  return day < service.to ? { endedOn: day } : {}
}

const scheduleOf = (terms: AcceptedTerm[]): AgreementSnapshot['schedule'] =>
  terms.flatMap(({ paymentScheduleTerm: term }) =>
    (term?.schedule ?? []).map(({ chargeDate, chargeAmount }) => ({
      on: dateOf(told(chargeDate, 'chargeDate')),
      amount: exactMoney(chargeAmount, term?.currencyCode, 'chargeAmount'),
    })),
  )

const isMetered = (terms: AcceptedTerm[]) => terms.some(({ usageBasedPricingTerm }) => usageBasedPricingTerm !== undefined)

const chargesOf = (schedule: AgreementSnapshot['schedule'], value: Money | undefined) =>
  schedule.length > 0 ? schedule.map(({ amount }) => amount) : [value ?? []].flat()

const partiesOf = (agreement: DescribeAgreementOutput) => {
  const { offerId, resources } = agreement.proposalSummary ?? {}
  return {
    ...(offerId && { offerExternalId: offerId }),
    buyerId: told(agreement.acceptor?.accountId, 'acceptor.accountId'),
    productId: told(resources?.[0]?.id, 'proposalSummary.resources'),
  }
}

const timesOf = (agreement: DescribeAgreementOutput, now: Date) => {
  const start = told(agreement.startTime, 'startTime')
  const service = serviceOf(start, agreement.endTime)
  const begun = start <= now
  return {
    status: statusOf(agreement, begun),
    acceptedAt: told(agreement.acceptanceTime, 'acceptanceTime').toISOString(),
    ...(begun && { activatedAt: start.toISOString() }),
    ...(service && { service }),
  }
}

const ENDED: Record<string, AgreementSnapshot['endedAs']> = {
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
  EXPIRED: 'expired',
  REPLACED: 'replaced',
  RENEWED: 'renewed',
  ROLLED_BACK: 'rolled-back',
}

const chainOf = ({ status, initialAgreementId: initialId }: DescribeAgreementOutput) => {
  const endedAs = status && ENDED[status]
  return { ...(initialId && { initialId }), ...(endedAs && { endedAs }) }
}

/** The term's switch is only what the buyer wants; the seller or the terms may prevent it. */
const renewsItself = ({ agreement, terms }: Answers) => {
  const { type } = agreement.endTimeBehavior ?? {}
  return type ? type === 'RENEW' : terms.some(({ renewalTerm }) => renewalTerm?.configuration?.enableAutoRenew)
}

/** An agreement as AWS Marketplace tells it at `now`. */
export const snapshotOf = (answers: Answers, now: Date): AgreementSnapshot => {
  const { agreement, terms, invoices, adjustments } = answers
  const times = timesOf(agreement, now)
  const { agreementValue, currencyCode } = agreement.estimatedCharges ?? {}
  const value = agreementValue !== undefined ? exactMoney(agreementValue, currencyCode, 'agreementValue') : undefined
  const schedule = scheduleOf(terms)
  return {
    marketplace: 'aws',
    id: told(agreement.agreementId, 'agreementId'),
    ...partiesOf(agreement),
    ...times,
    ...endOf(answers, times.service, now),
    ...chainOf(agreement),
    ...(value && { value }),
    ...(renewsItself(answers) && { renewsItself: true }),
    schedule,
    invoices: invoicesOf(invoices, adjustments, isMetered(terms) ? chargesOf(schedule, value) : undefined),
  }
}

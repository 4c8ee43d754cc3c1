import { emit } from '../../events/envelope.ts'
import type { DomainEvent } from '../../events/index.ts'
import type { Actor, Context } from '../core/context.ts'
import { invalid, unprocessable } from '../core/errors.ts'
import { DateText, dateText, Instant, lastDay, MonthText, monthIndex } from '../core/period.ts'
import * as z from '../core/schema.ts'
import type { MetricsDocument } from '../metrics/document.ts'

export const Closing = z.strictObject({
  reason: z.optional(z.trimmed(1000)),
  threshold: z.described(
    z.optional(z.int().check(z.minimum(0))),
    'refuse while reconciliation hinders it: in minor units, an open exception of more than that does; without it reconciliation is only noted',
  ),
})
export type Closing = z.infer<typeof Closing>

const Frozen = z.object({ name: z.string(), bytes: z.int(), sha256: z.string() })
export type Frozen = z.infer<typeof Frozen>

export const ClosedPeriod = z.named(
  z.object({
    period: MonthText,
    version: z.int(),
    closedAt: z.described(Instant, 'what was known at this instant is what is reported'),
    closedBy: z.string(),
    reason: z.optional(z.string()),
    definitions: z.described(z.literal(1), 'the version of the definitions'),
    currency: z.string(),
    grossMargin: z.string(),
    asOfDay: z.nullable(DateText),
    knownEvents: z.int(),
    reconciliation: z.described(
      z.object({ closable: z.boolean(), count: z.int(), reasons: z.array(z.string()) }),
      'what reconciliation said of the month',
    ),
    folder: z.described(z.string(), 'where in the bucket the frozen files lie'),
    metrics: z.described(Frozen, 'the metrics as reported'),
    known: z.described(Frozen, 'the ids of the events that they were made of, by row'),
  }),
  'ClosedPeriod',
)
export type ClosedPeriod = z.infer<typeof ClosedPeriod>

export type Decided = { closed: ClosedPeriod; event: DomainEvent }

/** A month in a path. */
export const mustBeMonth = (text: string) => {
  const { success, error } = MonthText.safeParse(text)
  if (!success) throw invalid('there is no such month', [{ target: 'period', message: error.issues[0]?.message ?? '' }])
}

/** A month is reported when it is over. */
export const mustBeOver = (period: string, today: string) => {
  const end = dateText(lastDay(monthIndex(period)))
  if (today <= end) throw unprocessable('the period is not over', [{ target: 'period', message: `close it after ${end}` }])
}

type Reconciliation = ClosedPeriod['reconciliation']

/** Refused with all that reconciliation names. */
export const mustBeReconciled = ({ closable, reasons }: Reconciliation) => {
  if (!closable)
    throw unprocessable(
      'the period is not reconciled',
      reasons.map((message) => ({ target: 'threshold', message })),
    )
}

type Facts = {
  period: string
  folder: string
  document: MetricsDocument
  metrics: Frozen
  known: Frozen
  reconciliation: Reconciliation
}

/** Freezes a month as known now. */
export const close = (facts: Facts, { reason }: Closing, { subject: by }: Actor, context: Context): Decided => {
  const {
    document,
    reconciliation: { closable, count, reasons },
    ...rest
  } = facts
  const { definitions, currency, grossMargin, asOfDay, knownEvents } = document
  const how = { definitions, currency, grossMargin, knownEvents }
  const why = reason === undefined ? {} : { reason }
  const data = { period: facts.period, by, ...why, asOf: context.now, ...how }
  const sums = { metricsSha256: facts.metrics.sha256, knownSha256: facts.known.sha256 }
  return {
    closed: {
      ...{ version: 0, closedAt: context.now, closedBy: by, ...why, ...how, asOfDay },
      ...{ reconciliation: { closable, count, reasons }, ...rest },
    },
    event: emit(context, 'period.closed.v1', facts.period, { ...data, ...sums }, { id: `evt_period_${facts.period}_closed` }),
  }
}

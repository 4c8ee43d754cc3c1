import { emit } from '../../events/envelope.ts'
import type { DomainEvent } from '../../events/index.ts'
import { RateData } from '../../events/metrics.ts'
import type { Context } from '../core/context.ts'
import { Currency } from '../core/money.ts'
import * as z from '../core/schema.ts'

/** One unit of `base` is worth `rate` units of `quote` from that day on, until a later rate. */
export const Rate = z.named(z.strict(RateData), 'Rate')
export type Rate = z.infer<typeof Rate>

export const RateQuery = z.strictObject({ base: Currency, quote: Currency })

export const publish = (rate: Rate, context: Context): DomainEvent =>
  emit(context, 'rate.published.v1', `${rate.base}-${rate.quote}`, rate, { happened: `${rate.on}T00:00:00Z` })

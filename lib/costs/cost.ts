import { emit } from '../../events/envelope.ts'
import type { DomainEvent } from '../../events/index.ts'
import { CostData } from '../../events/metrics.ts'
import { NewId } from '../../events/vocabulary.ts'
import type { Context } from '../core/context.ts'
import { Money } from '../core/money.ts'
import { dateText, firstDay, monthIndex } from '../core/period.ts'
import * as z from '../core/schema.ts'

/** A cost of working with partners or of selling directly; a correction carries the sign of what it takes back. */
export const NewCost = z
  .strictObject({ ...CostData.shape, amount: z.strict(Money), costId: z.described(z.optional(NewId), 'yours, or one is made') })
  .check(
    z.refine((cost) => cost.purpose !== 'payout' || cost.partnerId, {
      message: 'a payout goes to a partner: name it',
      path: ['partnerId'],
    }),
  )
export type NewCost = z.infer<typeof NewCost>

export const Cost = z.named(CostData, 'Cost')
export type Cost = z.infer<typeof Cost>

export const recordCost = (input: NewCost, context: Context): { cost: Cost; event: DomainEvent } => {
  const cost = { ...input, costId: input.costId ?? context.newId('cost') }
  const happened = `${dateText(firstDay(monthIndex(cost.period)))}T00:00:00Z`
  return { cost, event: emit(context, 'cost.recorded.v1', cost.costId, cost, { id: `evt_${cost.costId}`, happened }) }
}

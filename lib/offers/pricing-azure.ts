import { Id } from '../../events/vocabulary.ts'
import { Money } from '../core/money.ts'
import { DateText } from '../core/period.ts'
import * as z from '../core/schema.ts'

const Percent = z.pattern(/^\d{1,3}(\.\d{1,2})?$/, 'a decimal text with up to 2 decimals, like 12.5')
const Count = z.int().check(z.minimum(1))
const Note = z.optional(z.text(100))

const Meter = z.strictObject({
  meterId: z.text(100),
  /** What a unit beyond the included ones costs; finer than a cent. */
  pricePerUnit: z.pattern(/^\d{1,8}(\.\d{1,6})?$/, 'a decimal text in USD with up to 6 decimals, like 0.002'),
  included: z.union([z.int().check(z.minimum(0)), z.literal('unlimited')]),
})

const plans = {
  productType: z._default(z.enum(['saas', 'professional-services']), 'saas'),
  meters: z.described(z.optional(z.list(Meter, 30)), 'usage beside the recurrent price; `price` does not hold it'),
}

const Size = z.strictObject({
  size: z.described(z.text(50), 'as Microsoft names it, like 36Core'),
  quantity: Count,
  unitPrice: z.described(z.strict(Money), 'of one, for each payment'),
})

const Installment = z.strictObject({ on: DateText, amount: z.strict(Money), note: Note })

/** How the price comes about. `price` is the total of the whole term in every model; the words below say what it must agree with. */
export const Pricing = z.named(
  z.discriminatedUnion(
    'model',
    [
      z.described(
        z.strictObject({ model: z.literal('percentage'), discountPercent: Percent }),
        'off the public price of basePlanId, or of every plan of the product; `price` is the list price less the percentage',
      ),
      z.described(z.strictObject({ model: z.literal('flat-rate'), ...plans }), '`price` in equal payments'),
      z.described(
        z.strictObject({ model: z.literal('per-user'), users: Count, minUsers: Count, maxUsers: Count }),
        '`price` is what you expect to be bought: that of `users` users; one user costs its equal part',
      ),
      z.described(
        z.strictObject({ model: z.literal('vm-reservation'), sizes: z.list(Size, 50) }),
        '`price` is the sum of quantity × unitPrice × payments',
      ),
      z.described(
        z.strictObject({
          model: z.literal('flexible-schedule'),
          ...plans,
          initialCharge: z.strictObject({ amount: z.strict(Money), note: Note }),
          installments: z.list(Installment, 70),
        }),
        '`price` is the sum of the charges; only with the setting AZURE_FLEXIBLE_BILLING',
      ),
      z.described(
        z.strictObject({
          model: z.literal('markup'),
          markups: z.list(z.strictObject({ productId: z.optional(Id), planId: z.optional(Id), percent: Percent }), 10),
        }),
        'on each price of the offer that you received; `price` is what you expect the markup to bring',
      ),
    ],
    { error: z.wanting('an object with its model, like { "model": "flat-rate" }') },
  ),
  'AzurePricing',
)
export type Pricing = z.infer<typeof Pricing>

import * as z from '../core/schema.ts'

const Percent = z.pattern(
  /^(100(\.0{1,2})?|\d{1,2}(\.\d{1,2})?)$/,
  'a decimal text from 0 to 100 with up to 2 decimals, like 5.00',
)
const Days = z.int().check(z.minimum(1), z.maximum(9999))

const PriceIncrease = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('fixed'), percent: z.described(Percent, '0 renews at the same price') }),
  z.strictObject({
    type: z.literal('range'),
    fromPercent: Percent,
    toPercent: Percent,
    defaultPercent: z.described(Percent, 'holds where you settle on no other one before the adjustment deadline'),
  }),
])

const Installment = z.strictObject({
  afterMonths: z.described(
    z.optional(z.int().check(z.minimum(0), z.maximum(60))),
    'from the first day of the renewed term; this or afterDays, in all installments the same',
  ),
  afterDays: z.optional(z.int().check(z.minimum(0), z.maximum(1900))),
  percent: z.described(Percent, 'of the price of the renewed term; all of them add up to 100'),
  dayOfMonth: z.described(
    z.optional(z.int().check(z.minimum(1), z.maximum(31))),
    'the day of that month on which it is charged, only with afterMonths; absent: that of the first day of the term',
  ),
})

/** How an agreement goes on by itself when it ends, if its buyer switches that on; each term at a higher price than the one before. */
export const AutoRenewal = z.strictObject({
  priceIncrease: z.described(
    z.optional(PriceIncrease),
    'needed: by how much the price of each term is above that of the one before',
  ),
  lockoutDays: z.described(
    z.optional(Days),
    'so many days before the end it can no longer be switched on or off; absent: until the end',
  ),
  adjustmentDeadlineDays: z.described(
    z.optional(Days),
    'with a range, and only with it: so many days before the end you must have settled on the percentage; longer than lockoutDays',
  ),
  maxRenewals: z.described(z.optional(z.int().check(z.minimum(1))), 'absent: without an end'),
  installments: z.described(
    z.optional(z.list(Installment, 86)),
    'how the price of a renewed term is paid: with a schedule, and only with it',
  ),
})
export type AutoRenewal = z.infer<typeof AutoRenewal>

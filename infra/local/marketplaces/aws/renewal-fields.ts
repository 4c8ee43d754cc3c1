import * as z from 'zod'

export const Days = z.string().regex(/^P0*[1-9]\d{0,3}D$/, 'must be whole days from one on, like P30D')
const Percentage = z
  .string()
  .regex(/^(100(\.0{1,2})?|\d{1,2}(\.\d{1,2})?)$/, 'must be a decimal text from 0.00 to 100.00 with at most 2 decimals')

const Range = z
  .strictObject({ MinValue: Percentage, MaxValue: Percentage, DefaultValue: Percentage })
  .refine(({ MinValue, MaxValue }) => Number(MinValue) !== Number(MaxValue), 'must have different ends: else use FixedPercentage')
  .refine(
    ({ MinValue, MaxValue, DefaultValue }) =>
      Number(MinValue) <= Number(DefaultValue) && Number(DefaultValue) <= Number(MaxValue),
    'must rise from MinValue over DefaultValue to MaxValue',
  )

const PriceIncrease = z.discriminatedUnion('Type', [
  z.strictObject({ Type: z.literal('FixedPercentage'), Value: Percentage }),
  z.strictObject({ Type: z.literal('PercentageRange'), Range }),
])

const Entry = z
  .strictObject({
    ChargeDateOffset: z.string().regex(/^P\d{1,4}[MD]$/, 'must be whole months or whole days like P3M'),
    ChargePercentage: Percentage.refine((percentage) => Number(percentage) > 0, 'must be at least 0.01'),
    DayOfMonth: z.int().min(1).max(31).optional(),
  })
  .refine(({ ChargeDateOffset, DayOfMonth }) => !DayOfMonth || ChargeDateOffset.endsWith('M'), {
    path: ['DayOfMonth'],
    message: 'goes with an offset in months only',
  })

const ScheduleTemplate = z.strictObject({
  Type: z.literal('PaymentScheduleTermTemplate'),
  Schedule: z
    .array(Entry)
    .min(1)
    .max(86)
    .refine(
      (entries) => new Set(entries.map(({ ChargeDateOffset }) => ChargeDateOffset.at(-1))).size === 1,
      'must have its offsets in one unit',
    ),
})
export type ScheduleTemplate = z.infer<typeof ScheduleTemplate>

/** How the agreement of an offer renews itself. */
export const Renewal = z.strictObject({
  Type: z.literal('RenewalTerm'),
  LockoutPeriod: Days.optional(),
  AdjustmentDeadline: Days.optional(),
  MaxRenewals: z.int().min(1).optional(),
  PriceIncrease: PriceIncrease.optional(),
  TermTemplates: z.array(ScheduleTemplate).max(1).optional(),
})
export type Renewal = z.infer<typeof Renewal>

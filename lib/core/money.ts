import { digitsOf } from './amount.ts'
import * as z from './schema.ts'

export * from './amount.ts'

export const Currency = z.pattern(/^[A-Z]{3}$/, 'three capital letters of ISO 4217, like USD')

/** An amount in minor units (cents; yen have none); refunds and credits are negative. */
export const Money = z.named(
  z.object(
    {
      amount: z.int({ error: z.wanting('a whole number of minor units (cents) without quotes: 4800000 is 48,000.00') }),
      currency: Currency,
    },
    { error: z.wanting('money in minor units (cents), like { "amount": 4800000, "currency": "USD" }') },
  ),
  'Money',
)
export type Money = z.infer<typeof Money>

/** Minor units as a plain decimal for people and providers: 4000000 USD → "40000.00". */
export const decimalText = ({ amount, currency }: Money): string => {
  const digits = digitsOf(currency)
  const text = String(Math.abs(amount)).padStart(digits + 1, '0')
  const whole = text.slice(0, text.length - digits)
  return `${amount < 0 ? '-' : ''}${whole}${digits ? `.${text.slice(-digits)}` : ''}`
}

/** The reverse of `decimalText`; undefined when the text is no decimal or has more places than the currency. */
export const parseDecimal = (text: string, currency: string): Money | undefined => {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text.trim()) ?? []
  const digits = digitsOf(currency)
  if (!whole || /[1-9]/.test(fraction.slice(digits))) return undefined
  const amount = Number(whole + fraction.slice(0, digits).padEnd(digits, '0'))
  return Number.isSafeInteger(amount) ? { amount: sign ? -amount || 0 : amount, currency } : undefined
}

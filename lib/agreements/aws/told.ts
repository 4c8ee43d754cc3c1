import { unprocessable } from '../../core/errors.ts'
import { type Money, parseDecimal } from '../../core/money.ts'

const unreadable = (field: string, message: string) =>
  unprocessable(`AWS Marketplace tells an agreement that cannot be read: ${field} ${message}`, [{ target: field, message }])

/** The day of an instant in UTC. */
export const dateOf = (instant: Date) => instant.toISOString().slice(0, 10)

/** What the marketplace always tells, though its types leave it open. */
export const told = <T>(value: T | undefined, field: string): T => {
  if (value === undefined) throw unreadable(field, 'is missing')
  return value
}

/** A decimal of the marketplace in minor units; an amount that would have to be rounded is refused. */
export const exactMoney = (text: string | undefined, currency: string | undefined, field: string): Money => {
  const money = parseDecimal(told(text, field), told(currency, `currency of ${field}`))
  if (!money) throw unreadable(field, `is ${text}, no exact amount of ${currency}`)
  return money
}

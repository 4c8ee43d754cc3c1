import { closeSync, openSync, renameSync, writeSync } from 'node:fs'

const COLUMNS =
  'billing_event_id,from_account_id,to_account_id,end_user_account_id,product_id,agreement_id,action,transaction_type,parent_billing_event_id,disbursement_billing_event_id,amount,currency,balance_impacting,invoice_date,payment_due_date,usage_period_start_date,usage_period_end_date,invoice_id,transaction_reference_id,valid_from,update_date'

const PORTION = 5_000

/** Numbers that look random and are the same each time. */
const sequence = (seed: number) => {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
type Numbers = ReturnType<typeof sequence>

const two = (number: number) => String(number).padStart(2, '0')
const dateOf = (next: Numbers) => `202${4 + next(3)}-${two(1 + next(12))}-${two(1 + next(28))}T${two(next(24))}:00:00Z`
const money = (cents: number) => `${cents < 0 ? '-' : ''}${Math.floor(Math.abs(cents) / 100)}.${two(Math.abs(cents) % 100)}`
const hex = (next: Numbers, length: number) =>
  Array.from({ length }, () => 'abcdefghijklmnopqrstuvwxyz0123456789'[next(36)]).join('')

/** An invoice with its fee and tax, and what was disbursed of it: six rows. Some names are quoted, as some exporters do. */
const sale = (next: Numbers, index: number, agreement: string): string[] => {
  const [buyer, seller, aws] = [`acc-${next(5_000)}`, 'acc-isv', 'acc-aws']
  const cents = 1_000 + next(5_000_000)
  const fee = -Math.round(cents * 0.03)
  const [billedAt, paidAt] = [dateOf(next), dateOf(next)]
  const invoice = String(2_520_000_000 + index)
  const id = (part: string) => `be-${index}-${part}`
  const row = (part: string, from: string, to: string, what: string, amount: number, at: string, more = ',,', impacting = 1) =>
    `${id(part)},${from},${to},${next(50) === 0 ? `"${buyer}"` : buyer},prod-wcrj0q6qfvdsk,${agreement},${what}${more}${money(amount)},USD,${impacting},${at},${at},,,${invoice},trx-${index},${at},${at}`
  const paid = (part: string) => `,${id(part)},${id('d')},`
  return [
    row('s', buyer, seller, 'INVOICED,SELLER_REV_SHARE', cents, billedAt, ',,,'),
    row('f', seller, aws, 'INVOICED,AWS_REV_SHARE', fee, billedAt, ',,,'),
    row('t', buyer, aws, 'INVOICED,AWS_TAX_SHARE', Math.round(cents * 0.07), billedAt, ',,,', 0),
    `${id('d')},${aws},${seller},,,,DISBURSED,DISBURSEMENT,,,${money(cents + fee)},USD,0,${paidAt},,,,,,${paidAt},${paidAt}`,
    row('ps', buyer, seller, 'DISBURSED,SELLER_REV_SHARE', -cents, paidAt, paid('s')),
    row('pf', seller, aws, 'DISBURSED,AWS_REV_SHARE', -fee, paidAt, paid('f')),
  ]
}

/** Writes a billing event feed of about so many MB; the same size is the same file. */
export const writeFeed = (file: string, megabytes: number) => {
  const next = sequence(1)
  const agreements = Array.from({ length: 2_000 }, () => `agmt-${hex(next, 25)}`)
  const out = openSync(`${file}.part`, 'w')
  let written = writeSync(out, `${COLUMNS}\n`)
  for (let index = 0; written < megabytes * 1e6; index += PORTION) {
    const sales = Array.from({ length: PORTION }, (_, each) =>
      sale(next, index + each, agreements[next(agreements.length)] ?? '').join('\n'),
    )
    written += writeSync(out, `${sales.join('\n')}\n`)
  }
  closeSync(out)
  renameSync(`${file}.part`, file)
}

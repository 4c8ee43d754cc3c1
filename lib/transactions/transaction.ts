import { emit } from '../../events/envelope.ts'
import type { DomainEvent } from '../../events/index.ts'
import { transactionFields } from '../../events/metrics.ts'
import { Id, ServicePeriod } from '../../events/vocabulary.ts'
import type { Context } from '../core/context.ts'
import { type Detail, invalid } from '../core/errors.ts'
import { Money } from '../core/money.ts'
import { wholeMonths } from '../core/period.ts'
import * as z from '../core/schema.ts'

const ProviderKey = z.pattern(/^[\x21-\x7e]{1,200}$/, 'a key of 1 to 200 printable characters without spaces')

/** A row of the books. The same `providerKey` is the same transaction, however often and by whatever way it arrives. */
export const NewTransaction = z.named(
  z.strictObject({
    ...transactionFields,
    providerKey: z.described(ProviderKey, "the row's id where it comes from: an invoice number, a line of a statement"),
    transactionId: z.described(z.optional(Id), 'yours, or the provider key makes one'),
    amount: z.strict(Money),
    service: z.optional(z.strict(ServicePeriod)),
    corrects: z.described(z.optional(Id), 'the transactionId that a refund or credit takes back'),
  }),
  'NewTransaction',
)
export type NewTransaction = z.infer<typeof NewTransaction>

export const Transaction = z.named(
  z.object({ ...transactionFields, providerKey: z.optional(z.string()), warnings: z.optional(z.array(z.string())) }),
  'Transaction',
)
export type Transaction = z.infer<typeof Transaction>

const RETURNS = ['refund', 'credit']

/** What is wrong with a row beyond the shape of its fields. */
const problemsOf = ({ ledger, kind, amount, service, corrects }: NewTransaction): Detail[] => [
  ...(ledger === 'booked' && ['contract', ...RETURNS].includes(kind) && !service
    ? [{ target: 'service', message: 'a booking needs its service period { from, to }: its months are what it is worth' }]
    : []),
  ...(RETURNS.includes(kind) && amount.amount > 0 && !corrects
    ? [
        {
          target: 'amount.amount',
          message: 'a refund or credit is negative (positive only when it takes back another one: name that in corrects)',
        },
      ]
    : []),
]

/** What is allowed and yet likely not meant: a change of a running term that does not fall on whole months of it. */
const warningsOf = ({ ledger, amount, service, corrects }: NewTransaction): string[] =>
  ledger === 'booked' && service && (corrects || amount.amount < 0) && !wholeMonths(service.from, service.to)
    ? ['service is no number of whole months, so it counts by days: book a change from a month day of the term to its end']
    : []

/** The id that a provider key makes, where the caller brings none. */
export const idOf = (providerKey: string, hash: (text: string) => string) => `txn_${hash(providerKey)}`

/** The transaction and the event that tells it. Both ids come from the provider key, so that a repeat makes the same ones. */
export const book = (
  input: NewTransaction,
  hash: (text: string) => string,
  context: Context,
): { transaction: Transaction; event: DomainEvent } => {
  const problems = problemsOf(input)
  if (problems.length) throw invalid('the transaction contradicts itself', problems)
  const { providerKey, ...rest } = input
  const data = { ...rest, transactionId: input.transactionId ?? idOf(providerKey, hash) }
  const event = emit(context, 'transaction.recorded.v1', data.accountId, data, {
    id: `evt_${data.transactionId}`,
    happened: `${data.on}T00:00:00Z`,
  })
  const warnings = warningsOf(input)
  return { transaction: { ...data, providerKey, ...(warnings.length && { warnings }) }, event }
}

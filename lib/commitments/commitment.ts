import { CloudMarketplace, type CommitmentEvent, Programme } from '../../events/commitment.ts'
import { emit } from '../../events/envelope.ts'
import { Id, NewId } from '../../events/vocabulary.ts'
import type { Actor, Context } from '../core/context.ts'
import { conflict, type Detail, invalid } from '../core/errors.ts'
import { Money } from '../core/money.ts'
import { DateText, Instant } from '../core/period.ts'
import * as z from '../core/schema.ts'

// What a customer has promised a cloud to spend: what it buys on the cloud's marketplace counts towards it.

const Percent = z.int().check(z.minimum(1), z.maximum(100))
const Positive = z
  .strict(Money)
  .check(z.refine(({ amount }) => amount > 0, { message: 'must be more than zero', path: ['amount'] }))

const terms = {
  programme: z.described(Programme, 'edp and ppa are of AWS, macc is of Azure'),
  amount: z.described(Positive, 'what the customer has promised to spend over the whole term'),
  from: DateText,
  to: z.described(DateText, 'the first day after the term'),
  source: z.described(z.trimmed(200), 'how we know: a letter, a call, a field of the CRM'),
  note: z.optional(z.trimmed(1000)),
  drawdownPercent: z.described(z._default(Percent, 100), 'how much of a purchase counts'),
  maxSharePercent: z.described(
    z.optional(Percent),
    'how much of the amount purchases on the marketplace may make up, as agreed (often 25 on AWS); absent: all of it',
  ),
}

export const NewCommitment = z.named(
  z.strictObject({
    id: z.described(z.optional(NewId), 'yours, or one is made'),
    accountId: Id,
    marketplace: CloudMarketplace,
    ...terms,
  }),
  'NewCommitment',
)
export type NewCommitment = z.infer<typeof NewCommitment>

export const CommitmentTerms = z.named(z.strictObject(terms), 'CommitmentTerms')
export type CommitmentTerms = z.infer<typeof CommitmentTerms>

export const CommitmentEnd = z.strictObject({
  on: z.described(DateText, 'the first day on which it holds no more'),
  reason: z.trimmed(500),
})
export type CommitmentEnd = z.infer<typeof CommitmentEnd>

export const Commitment = z.named(
  z.object({ ...NewCommitment.shape, id: Id, version: z.int(), createdAt: Instant, endedOn: z.optional(DateText) }),
  'Commitment',
)
export type Commitment = z.infer<typeof Commitment>

/** No events: nothing changed. */
export type Decided = { commitment: Commitment; events: CommitmentEvent[] }

/** The first day on which a commitment holds no more. */
export const endOf = ({ to, endedOn }: Commitment) => endedOn ?? to

export const isInForce = (commitment: Commitment, day: string) => commitment.from <= day && day < endOf(commitment)

const MARKETPLACE_OF: Partial<Record<z.infer<typeof Programme>, string>> = { edp: 'aws', ppa: 'aws', macc: 'azure' }

const problemsOf = ({ programme, marketplace, from, to }: Commitment): Detail[] => {
  const home = MARKETPLACE_OF[programme]
  return [
    ...(home && home !== marketplace ? [{ target: 'programme', message: `${programme} is a programme of ${home}` }] : []),
    ...(from < to ? [] : [{ target: 'to', message: 'must be after from (it is the first day after the term)' }]),
  ]
}

const overlaps = (a: Commitment, b: Commitment) =>
  a.id !== b.id && a.marketplace === b.marketplace && a.from < endOf(b) && b.from < endOf(a)

/** What is wrong with a commitment beside the account's others: a purchase must count towards one of them only. */
const mustFit = (commitment: Commitment, others: readonly Commitment[]) => {
  const problems = problemsOf(commitment)
  if (problems.length) throw invalid('the commitment contradicts itself', problems)
  const other = others.find((each) => overlaps(commitment, each))
  if (!other) return
  const term = `${other.from} to ${endOf(other)}`
  throw conflict(`commitment ${other.id} of the same account and marketplace holds from ${term}: end or change that one`, 'from')
}

const facts = ({ id: commitmentId, accountId, marketplace }: Commitment, { subject: by }: Actor) => ({
  commitmentId,
  accountId,
  marketplace,
  by,
})

// Texts may name persons: they are in the record only.
const told = ({ programme, amount, from, to, drawdownPercent, maxSharePercent }: Commitment) => ({
  programme,
  amount,
  from,
  to,
  drawdownPercent,
  ...(maxSharePercent && { maxSharePercent }),
})

export const record = (input: NewCommitment, others: readonly Commitment[], actor: Actor, context: Context): Decided => {
  const commitment = { ...input, id: input.id ?? context.newId('cmt'), version: 0, createdAt: context.now }
  mustFit(commitment, others)
  const data = { ...facts(commitment, actor), ...told(commitment) }
  return { commitment, events: [emit(context, 'commitment.recorded.v1', commitment.id, data)] }
}

const mustHold = ({ id, endedOn }: Commitment) => {
  if (endedOn) throw conflict(`commitment ${id} was ended on ${endedOn}: record another one`, 'endedOn')
}

/** Other terms, all of them: they hold for the whole commitment, as if they had been agreed so. */
export const change = (
  { id, accountId, marketplace, version, createdAt, endedOn }: Commitment,
  agreed: CommitmentTerms,
  others: readonly Commitment[],
  actor: Actor,
  context: Context,
): Decided => {
  const commitment: Commitment = { id, accountId, marketplace, version, createdAt, ...agreed, ...(endedOn && { endedOn }) }
  mustHold(commitment)
  mustFit(commitment, others)
  const data = { ...facts(commitment, actor), ...told(commitment) }
  return { commitment, events: [emit(context, 'commitment.changed.v1', id, data)] }
}

/** Ends it before its time; the same end again changes nothing. */
export const end = (commitment: Commitment, { on, reason }: CommitmentEnd, actor: Actor, context: Context): Decided => {
  if (commitment.endedOn === on) return { commitment, events: [] }
  mustHold(commitment)
  const { id, from, to } = commitment
  if (on < from || on >= to)
    throw invalid('it cannot end then', [
      { target: 'on', message: `must be from ${from} on and before ${to}, where it ends anyway` },
    ])
  const data = { ...facts(commitment, actor), on, reason }
  return { commitment: { ...commitment, endedOn: on }, events: [emit(context, 'commitment.ended.v1', id, data)] }
}

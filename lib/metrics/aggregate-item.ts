import { markOf, sortable } from '../core/watermark.ts'
import type { Contribution, Family } from './aggregate.ts'
import { type Delta, isMark } from './watermark.ts'

// How sums lie in items of the table, and the writes that change them.
type AggregateKey = { pk: string; sk: string }

type Address = Pick<Contribution, 'family' | 'year' | 'scope'>

/** Where all sums of a family in a year lie. */
export const partitionOf = ({ family, year }: Pick<Address, 'family' | 'year'>) => `AGG#${family}#${year}`

/** Where the sums of a scope in a year lie. */
export const aggregateKey = (address: Address): AggregateKey => ({ pk: partitionOf(address), sk: address.scope })

/** What contributions to one item come to in each of its cells, where that is not zero. */
export const summed = (contributions: Contribution[]) => {
  const cells = new Map<string, number>()
  for (const { cell, value } of contributions) cells.set(cell, (cells.get(cell) ?? 0) + value)
  return [...cells].filter(([, value]) => value !== 0)
}

/**
 * The one write that adds deltas to their item and marks it, if none of them was added before. Where they cancel out the mark counts all
 * the same: somebody else may have known only the first of them. Names are short: an expression ends at 4 KB.
 */
export const addition = (mark: string, first: Delta, last: Delta, cells: [cell: string, value: number][], now: number) => ({
  Key: aggregateKey(first.contribution),
  UpdateExpression: `SET #mark = :last${cells.length > 0 ? ` ADD ${cells.map((_, i) => `#${i} :${i}`).join(',')}` : ''}`,
  ConditionExpression: 'attribute_not_exists(#mark) OR #mark < :first',
  ExpressionAttributeNames: { '#mark': mark, ...Object.fromEntries(cells.map(([cell], i) => [`#${i}`, cell])) },
  ExpressionAttributeValues: {
    ':first': sortable(first.sequence),
    ':last': markOf({ sequence: last.sequence, at: now }),
    ...Object.fromEntries(cells.map(([, value], i) => [`:${i}`, value])),
  },
  ReturnValues: 'ALL_OLD' as const,
})

/** Removes attributes of an item. */
export const removal = (Key: AggregateKey, names: string[]) => ({
  Key,
  UpdateExpression: `REMOVE ${names.map((_, i) => `#${i}`).join(',')}`,
  ExpressionAttributeNames: Object.fromEntries(names.map((name, i) => [`#${i}`, name])),
})

/** The sums in an aggregate item. */
export const sumsIn = ({ pk, sk: scope, ...cells }: AggregateKey & Record<string, unknown>): Contribution[] => {
  const [, family, year] = pk.split('#')
  const address = { family: family as Family, year: Number(year), scope }
  const sums = Object.entries(cells).filter(([name]) => !isMark(name))
  return sums.map(([cell, value]) => ({ ...address, cell, value: Number(value) }))
}

/** A sum as it is served and as it should be. */
export type Wrong = Omit<Contribution, 'value'> & { live: number; batch: number }

/** The same with what the item has of it: the rest waits in the log. */
export type Corrected = Wrong & { stored: number }

/** The one write that adds to cells of an item what they lack, if they are still as they are known and it was not done before. */
export const correction = (mark: string, first: Wrong, cells: Corrected[]) => ({
  Key: aggregateKey(first),
  UpdateExpression: `SET #mark = :yes ADD ${cells.map((_, i) => `#${i} :${i}`).join(',')}`,
  ConditionExpression: [
    'attribute_not_exists(#mark)',
    ...cells.map(({ stored }, i) => (stored === 0 ? `(attribute_not_exists(#${i}) OR #${i} = :s${i})` : `#${i} = :s${i}`)),
  ].join(' AND '),
  ExpressionAttributeNames: { '#mark': mark, ...Object.fromEntries(cells.map(({ cell }, i) => [`#${i}`, cell])) },
  ExpressionAttributeValues: {
    ':yes': true,
    ...Object.fromEntries(
      cells.flatMap(({ live, batch, stored }, i) => [
        [`:${i}`, batch - live],
        [`:s${i}`, stored],
      ]),
    ),
  },
})

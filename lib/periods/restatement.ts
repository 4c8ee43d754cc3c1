import * as z from '../core/schema.ts'
import { type Aggregates, addUp, type Contribution, contributionsIn, difference } from '../metrics/aggregate.ts'
import { canonical, documentOf, type MetricsDocument, type Settings } from '../metrics/document.ts'
import { withoutMissingRates } from '../metrics/read.ts'

/** A value as reported and as it is with what is known now; null where there was or is none. */
export const Change = z.named(
  z.object({
    metric: z.enum(['nrr', 'revenue', 'ttv', 'cac', 'ropi']),
    of: z.described(z.string(), 'the partner, `all`, or the cohort'),
    window: z.optional(z.int()),
    reported: z.nullable(z.record(z.string(), z.unknown())),
    restated: z.nullable(z.record(z.string(), z.unknown())),
  }),
  'RestatedValue',
)
export type Change = z.infer<typeof Change>

type Named = Pick<Change, 'metric' | 'of' | 'window'> & { row: Record<string, unknown> }

const rowsIn = ({ nrr, revenue, revenueTotals, ttv, cac, ropi }: MetricsDocument): Named[] => [
  ...nrr.map((row): Named => ({ metric: 'nrr', of: row.partnerId, window: row.window, row })),
  ...revenueTotals.map((row): Named => ({ metric: 'revenue', of: 'all', row })),
  ...revenue.map((row): Named => ({ metric: 'revenue', of: row.partnerId, row })),
  ...ttv.map((row): Named => ({ metric: 'ttv', of: row.cohort, row })),
  ...cac.map((row): Named => ({ metric: 'cac', of: 'all', row })),
  ...ropi.map((row): Named => ({ metric: 'ropi', of: row.partnerId, row })),
]

const keyOf = ({ metric, of, window = 0 }: Named) => `${metric} ${of} ${window}`

/** The values of two documents of a month that are not the same in both. */
export const changesBetween = (reported: MetricsDocument, restated: MetricsDocument): Change[] => {
  const [before, after] = [reported, restated].map((document) => new Map(rowsIn(document).map((row) => [keyOf(row), row])))
  return [...new Map([...(before ?? []), ...(after ?? [])])].flatMap(([key, { metric, of, window }]) => {
    const [old, young] = [before?.get(key)?.row ?? null, after?.get(key)?.row ?? null]
    if (canonical({ row: old }) === canonical({ row: young })) return []
    return [{ metric, of, ...(window !== undefined && { window }), reported: old, restated: young }]
  })
}

/** The sums of all rows at the close, all that was added to them since, and the sums of all rows now. */
export type Sums = { before: Aggregates; changes: Contribution[]; now: Aggregates }

/**
 * The restated metrics of a closed month. Checks that what the rows held at the close makes the very document that was reported, and
 * that reported sums and adjustments are the sums as they are now: a breach of either is a fault of ours and no answer.
 */
export const restatedOf = (
  { before, changes, now }: Sums,
  reported: MetricsDocument,
  isReported: (contribution: Contribution) => boolean,
  settings: Settings,
): MetricsDocument => {
  const again = documentOf(before, settings)
  if (canonical(again) !== canonical(reported))
    throw new Error(`the metrics reported for ${settings.period} cannot be computed again`)
  const restated = addUp([...contributionsIn(before), ...changes])
  const left = difference(contributionsIn(now), contributionsIn(restated)).filter(isReported)
  if (left.length > 0)
    throw new Error(`reported and adjustments of ${settings.period} are not restated: ${JSON.stringify(left[0])}`)
  return withoutMissingRates(documentOf(restated, settings))
}

import * as z from '../core/schema.ts'

export const FactProblem = z.named(
  z.object({
    row: z.described(z.string(), 'the row of metrics: ACCOUNT#…, PARTNER#…, COST#…, RATES'),
    problem: z.described(
      z.enum(['missing', 'different', 'unknown', 'unlinked', 'outdated-rates']),
      'missing: an event is not in its row; different: it says something else there; unknown: the row has facts of no event; ' +
        'unlinked: a correction across rows is not known to both; outdated-rates: the row counts with older rates',
    ),
    eventId: z.optional(z.string()),
  }),
  'DifferingFact',
)
export type FactProblem = z.infer<typeof FactProblem>

const nameOf = ({ row, problem, eventId = '' }: FactProblem) => `${problem} ${row} ${eventId}`

/** Those that were found both times. */
export const foundAgain = (before: readonly FactProblem[], now: readonly FactProblem[]): FactProblem[] => {
  const known = new Set(before.map(nameOf))
  return now.filter((problem) => known.has(nameOf(problem)))
}

import { WINDOWS, type Window } from '../metrics/aggregate.ts'
import type { MetricsDocument } from '../metrics/document.ts'
import { counted } from './words.ts'

export const LONGEST_FIRST = WINDOWS.toReversed()
export const windowText = (window: Window) => counted(window, 'month')

/** What is paid now is as much as then. */
export const AS_MUCH = 1

/** Of a month the first row is the programme's; another would be of a partner that is called `all`. */
export const programmeOf = ({ nrr }: MetricsDocument, window: Window) =>
  nrr
    .filter((row) => row.partnerId === 'all' && row.window === window)
    .filter(({ month }, index, rows) => rows[index - 1]?.month !== month)

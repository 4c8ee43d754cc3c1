import * as z from 'zod'
import { MonthText } from '../lib/core/period.ts'
import { define } from './envelope.ts'

/** Someone asked for the files of a month. */
export const ExportRequested = define(
  'export.requested.v1',
  z.object({ exportId: z.string(), period: MonthText, by: z.string() }),
)

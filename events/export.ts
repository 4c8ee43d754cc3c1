import { MonthText } from '../lib/core/period.ts'
import * as z from '../lib/core/schema.ts'
import { define } from './envelope.ts'

/** The form of the files. */
export const ExportFormat = z.enum(['csv', 'parquet', 'both'])
export type ExportFormat = z.infer<typeof ExportFormat>

const asked = z.object({ exportId: z.string(), period: MonthText })

/** What was written, as the manifest tells it. */
export const ExportedFile = z.object({ name: z.string(), rows: z.int(), bytes: z.int(), sha256: z.string() })
export type ExportedFile = z.infer<typeof ExportedFile>

/** Someone asked for the files of a month. */
export const ExportRequested = define(
  'export.requested.v1',
  z.extend(asked, { format: z.optional(ExportFormat), by: z.string() }),
)

/** The files are in the folder, with the manifest beside them. */
export const ExportCompleted = define(
  'export.completed.v1',
  z.extend(asked, { folder: z.string(), files: z.array(ExportedFile) }),
)

/** Nothing was written; `reason` says what is missing. */
export const ExportFailed = define('export.failed.v1', z.extend(asked, { reason: z.string() }))

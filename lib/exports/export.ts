import { emit } from '../../events/envelope.ts'
import { ExportedFile, ExportFormat } from '../../events/export.ts'
import type { DomainEvent } from '../../events/index.ts'
import { type Context, today } from '../core/context.ts'
import { Instant, MonthText, monthIndex, monthText } from '../core/period.ts'
import * as z from '../core/schema.ts'

const Format = z.described(z._default(ExportFormat, 'csv'), 'both: each file as CSV and as Parquet')

export const NewExport = z.strictObject({ period: MonthText, format: Format })
export type NewExport = z.infer<typeof NewExport>

export const Export = z.named(
  z.object({
    id: z.string(),
    version: z.int(),
    period: MonthText,
    format: Format,
    status: z.enum(['requested', 'done', 'failed']),
    requestedAt: Instant,
    requestedBy: z.string(),
    folder: z.described(z.string(), 'where in the bucket the files lie once the export is done'),
    files: z.optional(z.array(ExportedFile)),
    reason: z.described(z.optional(z.string()), 'why it failed'),
  }),
  'Export',
)
export type Export = z.infer<typeof Export>

export const FileLink = z.named(z.object({ name: z.string(), url: z.url(), expiresAt: Instant }), 'FileLink')
export type FileLink = z.infer<typeof FileLink>

export type Decided = { exported: Export; event: DomainEvent }

type Asked = Pick<Export, 'id' | 'period' | 'format' | 'requestedBy' | 'folder'>

const ask = (asked: Asked, context: Context): Decided => {
  const { id, period, format, requestedBy } = asked
  const data = { exportId: id, period, format, by: requestedBy }
  return {
    exported: { ...asked, version: 0, status: 'requested', requestedAt: context.now },
    event: emit(context, 'export.requested.v1', id, data, { id: `evt_${id}_requested` }),
  }
}

export const requestExport = ({ period, format }: NewExport, requestedBy: string, context: Context): Decided => {
  const id = context.newId('exp')
  return ask({ id, period, format, requestedBy, folder: `${period}/${id}/` }, context)
}

/** Today's exports of this month and of the last one; asking twice on a day asks for the same. */
export const scheduledExports = (context: Context): Decided[] => {
  const [month, run] = [monthIndex(context.now), `scheduled-${today(context)}`]
  return [monthText(month), monthText(month - 1)].map((period) =>
    ask({ id: `exp_${period}_${run}`, period, format: 'both', requestedBy: 'schedule', folder: `${period}/${run}/` }, context),
  )
}

export const complete = (exported: Export, files: ExportedFile[], context: Context): Decided => {
  const { id, period, folder } = exported
  const data = { exportId: id, period, folder, files }
  return {
    exported: { ...exported, status: 'done', files },
    event: emit(context, 'export.completed.v1', id, data, { id: `evt_${id}_completed` }),
  }
}

export const fail = (exported: Export, reason: string, context: Context): Decided => {
  const { id, period } = exported
  return {
    exported: { ...exported, status: 'failed', reason },
    event: emit(context, 'export.failed.v1', id, { exportId: id, period, reason }, { id: `evt_${id}_failed` }),
  }
}

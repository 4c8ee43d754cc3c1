import { describeColumn, type FileTable } from '../core/column.ts'
import { eventColumns } from './event-row.ts'

/** The table of all events that metrics are made of, by the UTC day on which they were recorded. */
export const eventTable = {
  description: 'Every event that metrics are made of, each once',
  columns: eventColumns.map(describeColumn),
  folder: 'lake/events/',
  partition: {
    name: 'recorded_on',
    type: 'date',
    description: 'the UTC day on which Cosell knew of the event',
    from: '2020-01-01',
  },
  holds: 'files',
} satisfies FileTable

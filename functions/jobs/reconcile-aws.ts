import { deadLetterBox } from '../../lib/runtime/dead-letters.ts'
import { env } from '../../lib/runtime/env.ts'
import { job } from '../../lib/runtime/job.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openAws } from '../bind/aws.ts'

const table = openTable(env('RECORDS_TABLE'))

export const handler = job('reconcile-aws', deadLetterBox(table), openAws(table).reconcile)

import { deadLetterBox } from '../../lib/runtime/dead-letters.ts'
import { env } from '../../lib/runtime/env.ts'
import { job } from '../../lib/runtime/job.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openAzure } from '../bind/azure.ts'

const table = openTable(env('RECORDS_TABLE'))
const { followAll } = openAzure(table)

export const handler = job('follow-azure-offers', deadLetterBox(table), async (run) => void (await followAll(run)))

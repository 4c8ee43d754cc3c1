import { OfferEvent } from '../../events/offer.ts'
import { queue, unlessUnavailable } from '../../lib/runtime/batch.ts'
import { newContext } from '../../lib/runtime/context.ts'
import { deadLetterBox } from '../../lib/runtime/dead-letters.ts'
import { env } from '../../lib/runtime/env.ts'
import { detailOf } from '../../lib/runtime/message.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openAzure } from '../bind/azure.ts'

const table = openTable(env('RECORDS_TABLE'))
const { follow } = openAzure(table)

export const handler = queue(async (body) => {
  // What cannot be sent now, the job that follows offers sends.
  await unlessUnavailable(follow(detailOf(OfferEvent, body).subject, newContext('event')))
}, deadLetterBox(table))

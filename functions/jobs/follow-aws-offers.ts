import { followSets } from '../../lib/offer-sets/follow.ts'
import { deadLetterBox } from '../../lib/runtime/dead-letters.ts'
import { env } from '../../lib/runtime/env.ts'
import { job } from '../../lib/runtime/job.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openAws } from '../bind/aws.ts'
import { openOfferSets } from '../bind/offer-sets.ts'

const table = openTable(env('RECORDS_TABLE'))
const { followAll, sync } = openAws(table)
const sets = openOfferSets(table)

export const handler = job('follow-aws-offers', deadLetterBox(table), async (run) => {
  // They are few, and wait for nobody's answer.
  await followSets(sets)(run)
  for (const { agreementId } of await followAll(run)) if (agreementId) await sync(agreementId, run.context())
})

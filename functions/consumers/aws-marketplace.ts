import { parseAwsEvent } from '../../lib/agreements/aws-events.ts'
import { setOfChangeSet } from '../../lib/offer-sets/aws/plan.ts'
import { followSet } from '../../lib/offer-sets/follow.ts'
import { offerOfChangeSet } from '../../lib/offers/aws/plan.ts'
import { queue } from '../../lib/runtime/batch.ts'
import { newContext } from '../../lib/runtime/context.ts'
import { deadLetterBox } from '../../lib/runtime/dead-letters.ts'
import { env } from '../../lib/runtime/env.ts'
import { bodyOf } from '../../lib/runtime/message.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openAws } from '../bind/aws.ts'
import { openOfferSets } from '../bind/offer-sets.ts'

const table = openTable(env('RECORDS_TABLE'))
const { follow, sync, resold } = openAws(table)
const sets = openOfferSets(table)

export const handler = queue(async (body) => {
  const event = parseAwsEvent(bodyOf(body))
  const changeSet = event.kind === 'change-set' ? event.changeSetName : ''
  const [offerId, setId] = [offerOfChangeSet(changeSet), setOfChangeSet(changeSet)]
  if (offerId) await follow(offerId, newContext('event'))
  if (setId) await followSet(sets)(setId, newContext('event'))
  if (event.kind === 'agreement') await sync(event.agreementId, newContext('event'))
  if (event.kind === 'resold') await resold(event, newContext('event'))
}, deadLetterBox(table))

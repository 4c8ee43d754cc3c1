import { contract } from '../../lib/agreements/contract.ts'
import { landPurchase } from '../../lib/agreements/purchase.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { log } from '../../lib/runtime/log.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openAzure } from '../bind/azure.ts'

const { fulfilment, sync } = openAzure(openTable(env('RECORDS_TABLE')))
const onError = (error: unknown, id: string) => log.error('a purchase waits for the books', error, { id })
const land = landPurchase({ fulfilment, sync, onError })

export const handler = api(contract, { landPurchase: ({ body, context }) => land(body.token, context) })

import { newContext } from '../../lib/runtime/context.ts'
import { env } from '../../lib/runtime/env.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openAzure } from '../bind/azure.ts'

const { followAll, reconcile } = openAzure(openTable(env('RECORDS_TABLE')))

export const handler = async () => {
  await followAll(() => newContext())
  await reconcile(() => newContext())
}

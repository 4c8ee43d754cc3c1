import { newContext } from '../../lib/runtime/context.ts'
import { env } from '../../lib/runtime/env.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openAws } from '../bind/aws.ts'

const { followAll, sync, reconcile } = openAws(openTable(env('RECORDS_TABLE')))

export const handler = async () => {
  for (const { agreementId } of await followAll(() => newContext())) if (agreementId) await sync(agreementId, newContext())
  await reconcile(() => newContext())
}

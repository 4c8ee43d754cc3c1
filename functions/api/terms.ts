import { openAzure } from '../../lib/runtime/azure.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { azureOrdering } from '../../lib/terms/azure.ts'
import { acceptTerms, checkTerms, listEvidence } from '../../lib/terms/commands.ts'
import { contract } from '../../lib/terms/contract.ts'
import { termsStore } from '../../lib/terms/store.ts'

const table = openTable(env('RECORDS_TABLE'))
const ordering = azureOrdering({ client: openAzure(), managementUrl: env('AZURE_MANAGEMENT_URL') })
const dependencies = { store: termsStore(table), ordering }

export const handler = api(
  contract,
  {
    checkTerms: ({ actor, body, context }) => checkTerms(dependencies)(actor, body, context),
    acceptTerms: ({ actor, body, context }) => acceptTerms(dependencies)(actor, body, context),
    listEvidence: ({ actor, query }) => listEvidence(dependencies)(actor, query),
  },
  table,
)

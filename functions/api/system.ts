import { openApi } from '../../lib/core/openapi.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { contracts } from '../../lib/system/contracts.ts'

export const handler = api(contracts.system, {
  getHealth: async () => ({ status: 'ok' as const, region: env('AWS_REGION') }),
  getOpenApi: async () => openApi(Object.values(contracts), '0.1.0'),
})

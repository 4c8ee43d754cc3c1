import type * as z from '../core/schema.ts'
import { type AzureClient, type AzureRequest, bodyOf } from '../runtime/azure.ts'

const SCOPE = '20e940b3-4c77-4b0b-9a53-9e16a1b010a7/.default'

export const saas = (...parts: string[]) => ['/saas/subscriptions', ...parts.map(encodeURIComponent)].join('/')

/** The calls to SaaS fulfilment. */
export const fulfilment = (client: AzureClient, baseUrl: string) => {
  const call = <T>(path: string, query: Record<string, string>, request: Omit<AzureRequest<T>, 'path'>) =>
    client.call(baseUrl, SCOPE, {
      ...request,
      path: `${path}?${new URLSearchParams({ ...query, 'api-version': '2018-08-31' })}`,
    })
  const sending =
    (method: 'POST' | 'PATCH') =>
    <T>(path: string, request: Pick<AzureRequest<T>, 'answer' | 'headers' | 'body'>) =>
      call(path, {}, { method, ...request })
  return {
    get: async <T>(path: string, answer: z.ZodMiniType<T>, query: Record<string, string> = {}) =>
      bodyOf(await call(path, query, { method: 'GET', answer })),
    post: sending('POST'),
    patch: sending('PATCH'),
  }
}
export type Fulfilment = ReturnType<typeof fulfilment>

import { ServiceError, unavailable } from '../../core/errors.ts'

/** The marketplace's services exist in this region only. */
export const MARKETPLACE_REGION = 'us-east-1'

const AGAIN = new Set([
  'ThrottlingException',
  'ResourceInUseException',
  'InternalServiceException',
  'InternalServerException',
  'ServiceQuotaExceededException',
  'TimeoutError',
  'ExpiredTokenException',
  'UnrecognizedClientException',
])
const NO_ANSWER = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'])

type ClientError = Error & { code?: unknown; $metadata?: { httpStatusCode?: number } }

const mayPass = ({ name, code, $metadata }: ClientError) =>
  AGAIN.has(name) || NO_ANSWER.has(String(code)) || ($metadata?.httpStatusCode ?? 0) >= 500

/** An error of an SDK client in our words. A missing permission counts as passing: nothing is lost while someone grants it. */
export const explained = (action: string, error: unknown): unknown => {
  if (!(error instanceof Error)) return error
  if (error.name === 'AccessDeniedException')
    return unavailable(`AWS denies aws-marketplace:${action}: grant it to this function's role (${error.message})`, error)
  if (mayPass(error)) return unavailable(`AWS Marketplace cannot do ${action} now: ask again later (${error.message})`, error)
  if (error.name === 'ResourceNotFoundException')
    return new ServiceError('not_found', `AWS Marketplace knows nothing of what ${action} asks for (${error.message})`, {
      cause: error,
    })
  return error
}

/** Calls AWS Marketplace; its errors come back explained. */
export const ask = async <T>(action: string, call: () => Promise<T>): Promise<T> => {
  try {
    return await call()
  } catch (error) {
    throw explained(action, error)
  }
}

/** Every item of a list that comes in pages; errors come explained. */
export const askAll = async function* <Page, Item>(
  action: string,
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => Item[] | undefined,
): AsyncGenerator<Item, void> {
  try {
    for await (const page of pages) yield* itemsOf(page) ?? []
  } catch (error) {
    throw explained(action, error)
  }
}

import { createHash } from 'node:crypto'
import type { AgreementTerms, MarketplaceOrderingAgreements } from '@azure/arm-marketplaceordering'
import { ServiceError, unavailable, unprocessable } from '../core/errors.ts'
import * as z from '../core/schema.ts'
import type { AzureClient } from '../runtime/azure.ts'
import type { Ordering } from './ordering.ts'
import type { Terms, TermsCheck } from './terms.ts'

const SCOPE = 'https://management.azure.com/.default'
const TIMEOUT_MS = 20_000
const KIND = 'virtualmachine'

type Dependencies = { client: AzureClient; managementUrl: string }

/** The package's own policy sends tokens over https only. The local twin speaks http, so there, and only there, ours takes its place. */
const sendTokensOverHttp = ({ pipeline }: MarketplaceOrderingAgreements, client: AzureClient) => {
  pipeline.removePolicy({ name: 'bearerTokenAuthenticationPolicy' })
  pipeline.addPolicy({
    name: 'localTokenPolicy',
    sendRequest: async (request, next) => {
      request.headers.set('authorization', `Bearer ${(await client.token(SCOPE)).token}`)
      return next(request)
    },
  })
}

// The package is loaded on first use: it would slow down every start of the function.
const agreementsOf = async ({ client, managementUrl }: Dependencies, subscriptionId: string) => {
  const { MarketplaceOrderingAgreements } = await import('@azure/arm-marketplaceordering')
  const local = managementUrl.startsWith('http:')
  const credential = { getToken: () => client.token(SCOPE) }
  const options = { endpoint: managementUrl, retryOptions: { maxRetries: 1 }, credentialScopes: SCOPE }
  const azure = new MarketplaceOrderingAgreements(credential, subscriptionId, { ...options, allowInsecureConnection: local })
  if (local) sendTokensOverHttp(azure, client)
  return azure.marketplaceAgreements
}

const hashOf = (signature: string) => createHash('sha256').update(signature).digest('hex')

const termsOf = (terms: AgreementTerms): Terms => {
  const { accepted = false, licenseTextLink, privacyPolicyLink, marketplaceTermsLink, retrieveDatetime, signature } = terms
  return {
    accepted,
    ...(licenseTextLink && { licenseTextLink }),
    ...(privacyPolicyLink && { privacyPolicyLink }),
    ...(marketplaceTermsLink && { marketplaceTermsLink }),
    ...(signature && { signatureHash: hashOf(signature) }),
    ...(retrieveDatetime && { retrievedAt: new Date(retrieveDatetime).toISOString() }),
  }
}

const refused = (target: string, code: string, message: string) =>
  unprocessable('Azure refuses the request', [{ target, code, message }])

const PORTAL = 'the terms of a private plan are accepted in the Azure portal only: let the buyer do it there, then check again'
const NO_ROLE = 'let an owner of the subscription give our app a role that may read and write Microsoft.MarketplaceOrdering'

const Failure = z.object({ name: z.enum(['RestError', 'AbortError']), message: z.string(), statusCode: z.optional(z.number()) })

const errorOf = (error: unknown): unknown => {
  const { data: failure } = Failure.safeParse(error)
  if (error instanceof ServiceError || !failure) return error
  const { statusCode = 0, message } = failure
  if (statusCode === 400 && /portal/i.test(message)) return refused('planId', 'portal_required', PORTAL)
  if (statusCode === 400) return refused('planId', 'refused', message)
  if (statusCode === 403) return refused('subscriptionId', 'role_missing', NO_ROLE)
  if (statusCode === 404)
    return new ServiceError('not_found', 'Azure knows no such plan there: check all four names', { cause: error })
  return unavailable(`Azure cannot answer now (${statusCode || failure.name}): repeat the request later`, error)
}

const asked = async <T>(answer: () => Promise<T>): Promise<T> => {
  try {
    return await answer()
  } catch (error) {
    throw errorOf(error)
  }
}

/** The terms of marketplace plans in Azure subscriptions that have given our app a role. */
export const azureOrdering = (dependencies: Dependencies): Ordering => {
  const options = () => ({ abortSignal: AbortSignal.timeout(TIMEOUT_MS) })
  const get = async ({ subscriptionId, publisherId, productId, planId }: TermsCheck) =>
    (await agreementsOf(dependencies, subscriptionId)).get(KIND, publisherId, productId, planId, options())
  const put = async ({ subscriptionId, publisherId, productId, planId }: TermsCheck, terms: AgreementTerms) =>
    (await agreementsOf(dependencies, subscriptionId)).create(KIND, publisherId, productId, planId, terms, options())

  return {
    read: (plan) => asked(async () => termsOf(await get(plan))),
    // The answer to the PUT has been seen to say `accepted: false` of accepted terms, so it is not looked at.
    accept: (plan) =>
      asked(async () => {
        await put(plan, { ...(await get(plan)), accepted: true })
        return termsOf(await get(plan))
      }),
  }
}

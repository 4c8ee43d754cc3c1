import type { APIGatewayProxyEventV2WithJWTAuthorizer as ApiEvent } from 'aws-lambda'
import { usd } from '../support/usd.ts'
import { AWS_REQUEST } from '../unit/offers/aws-offer.ts'

// As API Gateway passes them on, with an access token of usual length.
const headers = {
  accept: 'application/json',
  'accept-encoding': 'gzip, br',
  authorization: `Bearer ${'eyJhbGciOiJSUzI1NiIsImtpZCI6'.repeat(32)}`,
  'content-type': 'application/json',
  host: 'api.cosell.example',
  'user-agent': 'partner-portal/3.2 (Node.js/24)',
  'x-amzn-trace-id': 'Root=1-69060000-5c1f0e6c7b4a539d550c6a6b',
  'x-forwarded-for': '203.0.113.7',
  'x-forwarded-port': '443',
  'x-forwarded-proto': 'https',
}
const claims = { sub: 'ann', role: 'manager', scope: 'partners.read offers.read offers.write', iss: 'https://login.example/' }

const eventOf = (method: string, path: string, more: Partial<ApiEvent>): ApiEvent => ({
  version: '2.0',
  routeKey: `${method} ${path}`,
  rawPath: path,
  rawQueryString: '',
  headers,
  requestContext: {
    accountId: '123456789012',
    apiId: 'k3qv9xw2ab',
    authorizer: { principalId: '', integrationLatency: 0, jwt: { claims, scopes: ['offers.read', 'offers.write'] } },
    domainName: 'api.cosell.example',
    domainPrefix: 'api',
    http: { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: headers['user-agent'] },
    requestId: 'Xy1zKhYxliAEMSQ=',
    routeKey: `${method} ${path}`,
    stage: '$default',
    time: '02/Nov/2026:09:00:00 +0000',
    timeEpoch: 1793610000000,
  },
  isBase64Encoded: false,
  ...more,
})

const installment = (on: string) => ({ on, amount: usd(2_500_000) })

const request = {
  ...AWS_REQUEST,
  buyerAccountIds: ['310000000009', '310000000010'],
  grants: [
    { dimension: 'seats', quantity: 500 },
    { dimension: 'regions', quantity: 3 },
  ],
  schedule: ['2026-12-01', '2027-03-01', '2027-06-01', '2027-09-01'].map(installment),
  eula: { type: 'standard' },
}
const BODY = JSON.stringify(request)
const WRONG_BODY = JSON.stringify({ ...request, termMonths: 0, expiresOn: '2026-02-30', buyerAccountIds: ['31000000000'] })

const post = (body: string) => (key: string) =>
  eventOf('POST', '/v1/offers', { headers: { ...headers, 'idempotency-key': `6f1c-${key}` }, body })

export const postRequest = post(BODY)
export const wrongRequest = post(WRONG_BODY)
export const getRequest = (offerId: string) => eventOf('GET', `/v1/offers/${offerId}`, { pathParameters: { offerId } })

import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { isPublicAddress } from './public-address.ts'

const LIMIT_MS = 10_000
const MAX_HEADER_BYTES = 16_384

export type PostRules = {
  /** Whether http://127.0.0.1 may be called: never in the cloud. */
  loopback: boolean
  limitMs?: number
  /** All addresses of a host. */
  resolve?: (host: string) => Promise<LookupAddress[]>
  isAllowed?: (address: string) => boolean
}

const refusal = (code: string, message: string) => Object.assign(new Error(message), { code })

const isLoopback = ({ protocol, hostname }: URL) => protocol === 'http:' && hostname === '127.0.0.1'

/** Where a call may connect to. A host of which one address is not public is not called at any of them. */
const addressesOf = async (url: URL, rules: PostRules): Promise<LookupAddress[]> => {
  const { resolve = (host) => lookup(host, { all: true }), isAllowed = isPublicAddress } = rules
  if (isLoopback(url) && rules.loopback) return [{ address: '127.0.0.1', family: 4 }]
  if (url.protocol !== 'https:') throw refusal('NOT_HTTPS', 'only https is called')
  const addresses = await resolve(url.hostname)
  if (addresses.length > 0 && addresses.every(({ address }) => isAllowed(address))) return addresses
  throw refusal('NOT_PUBLIC', 'the host has an address that is not public')
}

/** A lookup that knows one answer: between the check and the connection nobody is asked again. */
const pinned =
  (addresses: LookupAddress[]): LookupFunction =>
  (_, options, callback) => {
    const [{ address, family } = { address: '', family: 0 }] = addresses
    if (options.all) callback(null, addresses)
    else callback(null, address, family)
  }

type Call = { url: string; headers: Record<string, string>; body: string }
export type PostAnswer = { status: number; retryAfter?: string }

const exchange = (url: URL, { headers, body }: Call, addresses: LookupAddress[], signal: AbortSignal) =>
  new Promise<PostAnswer>((resolve, reject) => {
    const request = url.protocol === 'https:' ? tlsRequest : plainRequest
    const options = { method: 'POST', agent: false, headers, signal, maxHeaderSize: MAX_HEADER_BYTES }
    const sent = request(url, { ...options, lookup: pinned(addresses) }, (response) => {
      const { statusCode: status = 0, headers: answered } = response
      const retryAfter = answered['retry-after']
      resolve({ status, ...(retryAfter !== undefined && { retryAfter }) })
      // Nobody reads what it has to say, however much that is.
      response.on('error', () => {}).destroy()
    })
    sent.on('error', reject).end(body)
  })

const within = <T>(signal: AbortSignal, work: Promise<T>): Promise<T> =>
  Promise.race([
    work,
    once(signal, 'abort').then(() => {
      throw signal.reason
    }),
  ])

/**
 * Posts to an address that somebody else chose: its host is resolved once, all its addresses are checked, and only these are connected
 * to, under the host's own name. Redirects are not followed, bodies of answers not read, and all of it takes ten seconds at most.
 */
export const publicPost =
  (rules: PostRules) =>
  async (call: Call): Promise<PostAnswer> => {
    const url = new URL(call.url)
    const signal = AbortSignal.timeout(rules.limitMs ?? LIMIT_MS)
    const addresses = await within(signal, addressesOf(url, rules))
    return within(signal, exchange(url, call, addresses, signal))
  }

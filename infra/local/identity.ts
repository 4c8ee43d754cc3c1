import { exportJWK, exportPKCS8, generateKeyPair, importJWK, importPKCS8, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { functions } from '../service.ts'
import type { Shelf } from './marketplaces/stand-in.ts'

export const ROLES = ['partner', 'manager', 'finance', 'platform'] as const
export type Role = (typeof ROLES)[number]

const ISSUER = 'cosell-twin'
const AUDIENCE = 'cosell'
const HOURS = 12

const allScopes = [
  ...new Set(
    Object.values(functions).flatMap(({ triggers }) =>
      triggers.flatMap((trigger) =>
        trigger.kind === 'api' ? Object.values(trigger.contract).flatMap(({ scope }) => scope ?? []) : [],
      ),
    ),
  ),
]
const slices = (...names: string[]) => allScopes.filter((scope) => names.includes(scope.split('.')[0] ?? ''))
const reading = allScopes.filter((scope) => scope.endsWith('.read'))

/** What each role's tokens may do; an identity provider in the cloud is set up the same way. */
const SCOPES: Record<Role, string[]> = {
  partner: ['partners.read', 'accounts.read', 'offers.read', 'offers.write', 'metrics.read', 'messages.read'],
  manager: [...reading, ...slices('partners', 'accounts', 'offers', 'approvals', 'commitments', 'costs', 'terms', 'surveys')],
  finance: [
    ...reading,
    ...slices(
      'commitments',
      'transactions',
      'settlements',
      'reconciliation',
      'costs',
      'rates',
      'exports',
      'metrics',
      'periods',
      'verifications',
      'events',
      'approvals',
    ),
  ],
  platform: allScopes,
}

type Keys = { privatePem: string; publicJwk: Record<string, unknown> }

const keysOf = async (shelf: Shelf): Promise<Keys> => {
  const kept = await shelf.get<Keys>('identity', 'keys')
  if (kept) return kept
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const keys = { privatePem: await exportPKCS8(privateKey), publicJwk: { ...(await exportJWK(publicKey)) } }
  await shelf.put('identity', 'keys', keys)
  return keys
}

export type Grant = { role: Role; partnerId?: string | undefined; subject?: string | undefined }

/** An issuer of tokens whose keys survive a restart, and the check that the gateway makes. Times are the twin's. */
export const openIdentity = async (shelf: Shelf, now: () => Date) => {
  const keys = await keysOf(shelf)
  const privateKey = await importPKCS8(keys.privatePem, 'RS256')
  const publicKey = await importJWK(keys.publicJwk, 'RS256')
  return {
    issue: ({ role, partnerId, subject = `${role}${partnerId ? `-${partnerId}` : ''}@example.test` }: Grant): Promise<string> =>
      new SignJWT({ role, scope: [...new Set(SCOPES[role])].join(' '), ...(partnerId && { partner_id: partnerId }) })
        .setProtectedHeader({ alg: 'RS256' })
        .setSubject(subject)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(now())
        .setExpirationTime(new Date(now().getTime() + HOURS * 3_600_000))
        .sign(privateKey),
    verify: async (token: string): Promise<JWTPayload> =>
      (await jwtVerify(token, publicKey, { issuer: ISSUER, audience: AUDIENCE, algorithms: ['RS256'], currentDate: now() }))
        .payload,
  }
}
export type Identity = Awaited<ReturnType<typeof openIdentity>>

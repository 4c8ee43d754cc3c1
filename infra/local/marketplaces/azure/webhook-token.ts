import { decodeProtectedHeader, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import type { World } from '../stand-in.ts'
import { sign } from './login.ts'
import { MARKETPLACE_APP, publisherOf } from './tenant.ts'

const SENDER = 'c0000000-0000-4000-8000-000000000001'
const STRANGER = '99999999-0000-4000-8000-000000000001'

const identityOf = async (world: World) => {
  const { tenantId: tid, webhookAppId: aud } = await publisherOf(world)
  return { aud, tid, oid: SENDER, sub: SENDER }
}

const claimsOf = async (world: World): Promise<JWTPayload> => {
  const identity = await identityOf(world)
  const iss = `https://sts.windows.net/${identity.tid}/`
  return { ...identity, iss, idp: iss, appid: MARKETPLACE_APP, appidacr: '2', ver: '1.0' }
}

/** The bearer token of a webhook message. */
export const webhookToken = async (world: World) => sign(world, await claimsOf(world))

/** The same in the shape of version 2: `azp` in place of `appid`, another issuer. */
export const webhookTokenV2 = async (world: World) => {
  const identity = await identityOf(world)
  const iss = `https://login.microsoftonline.com/${identity.tid}/v2.0`
  return sign(world, { ...identity, iss, azp: MARKETPLACE_APP, azpacr: '2', ver: '2.0' })
}

const secondsOf = (world: World) => Math.floor(world.now().getTime() / 1000)

const lifetime = (world: World) => ({ iat: secondsOf(world), nbf: secondsOf(world), exp: secondsOf(world) + 3599 })

/** Signed by somebody else who names the true key. */
const foreign = async (world: World) => {
  const { kid } = decodeProtectedHeader(await webhookToken(world))
  const { privateKey } = await generateKeyPair('RS256')
  return new SignJWT({ ...lifetime(world), ...(await claimsOf(world)) })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(kid && { kid }) })
    .sign(privateKey)
}

const unsigned = async (world: World) => new UnsecuredJWT({ ...lifetime(world), ...(await claimsOf(world)) }).encode()

const expired = async (world: World) => {
  const past = secondsOf(world) - 7200
  return sign(world, { ...(await claimsOf(world)), iat: past, nbf: past, exp: past + 3599 })
}

const altered = (change: JWTPayload) => async (world: World) => sign(world, { ...(await claimsOf(world)), ...change })

/** Tokens that a webhook must refuse, each wrong in one thing only. */
export const hostileTokens = {
  'another audience': altered({ aud: STRANGER }),
  'another tenant': altered({ tid: STRANGER }),
  'another issuer': altered({ iss: `https://sts.windows.net/${STRANGER}/` }),
  'another sender': altered({ appid: STRANGER }),
  'no signature': unsigned,
  'an expired lifetime': expired,
  'a foreign key': foreign,
} satisfies Record<string, (world: World) => Promise<string>>

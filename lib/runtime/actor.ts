import type { APIGatewayProxyEventV2WithJWTAuthorizer as ApiEvent } from 'aws-lambda'
import type { Actor, Role } from '../core/context.ts'
import type { Route } from '../core/contract.ts'
import { forbidden } from '../core/errors.ts'

const ROLES: readonly string[] = ['partner', 'manager', 'finance', 'platform'] satisfies Role[]
const isRole = (text: string): text is Role => ROLES.includes(text)

/** Who asks, from the token that the gateway has verified. */
const actorOf = (event: ApiEvent): Actor => {
  const claims = event.requestContext.authorizer?.jwt?.claims ?? {}
  const text = (name: string) => (claims[name] === undefined ? '' : String(claims[name]))
  const role = text('role')
  const partnerId = text('partner_id')
  if (!isRole(role) || (role === 'partner' && !partnerId))
    throw forbidden('the token names no role, or no partner for the role partner')
  return { subject: text('sub'), role, scopes: text('scope').split(' '), ...(partnerId && { partnerId }) }
}

const NOBODY: Actor = { subject: 'anonymous', role: 'partner', scopes: [] }

/** The caller, if the token carries the route's scope. */
export const allowed = (route: Route, event: ApiEvent): Actor => {
  if (!route.scope) return NOBODY
  const actor = actorOf(event)
  if (!actor.scopes.includes(route.scope)) throw forbidden(`the token lacks the scope ${route.scope}`)
  return actor
}

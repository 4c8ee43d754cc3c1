import type { Actor, Role } from './context.ts'
import { forbidden, notFound, ServiceError } from './errors.ts'

/** What belongs to a partner is not there for another one: its answer is that of an unknown id. */
export const mustSee = (actor: Actor, partnerId: string, noun: string, id: string) => {
  if (actor.role === 'partner' && actor.partnerId !== partnerId) throw notFound(noun, id)
}

/** A partner acts only for itself. */
export const mustBeOwn = (actor: Actor, partnerId: string) => {
  if (actor.role === 'partner' && actor.partnerId !== partnerId)
    throw forbidden(`a partner acts only for itself: give your own partnerId, ${actor.partnerId}`, 'partnerId')
}

/** Who says which version was seen changes no other one. */
export const mustMatch = (expected: number | undefined, version: number) => {
  if (expected !== undefined && expected !== version)
    throw new ServiceError('stale_version', `it is at version ${version}: read it again`, { target: 'If-Match' })
}

export const mustBe = (actor: Actor, ...roles: Role[]) => {
  if (!roles.includes(actor.role)) throw forbidden(`only the role ${roles.join(' or ')} may do this`)
}

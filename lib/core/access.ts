import type { Actor, Role } from './context.ts'
import { forbidden, notFound } from './errors.ts'

/** What belongs to a partner is not there for another one: its answer is that of an unknown id. */
export const mustSee = (actor: Actor, partnerId: string, noun: string, id: string) => {
  if (actor.role === 'partner' && actor.partnerId !== partnerId) throw notFound(noun, id)
}

/** A partner acts only for itself. */
export const mustBeOwn = (actor: Actor, partnerId: string) => {
  if (actor.role === 'partner' && actor.partnerId !== partnerId)
    throw forbidden('a partner acts only for its own partnerId', 'partnerId')
}

export const mustBe = (actor: Actor, ...roles: Role[]) => {
  if (!roles.includes(actor.role)) throw forbidden(`only the role ${roles.join(' or ')} may do this`)
}

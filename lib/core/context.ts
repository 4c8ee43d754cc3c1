import { CAUSES } from './cause.ts'
import * as z from './schema.ts'

export type Role = 'partner' | 'manager' | 'finance' | 'platform'

/** Who asks. A partner acts only for its own `partnerId`. */
export type Actor = { subject: string; role: Role; scopes: string[]; partnerId?: string }

/** The answer to a POST, written in the same transaction as its effect, so that a repeat of the request replays it. */
export type Receipt = { key: string; requestHash: string; status: number /** Set once it is written. */; kept?: boolean }

/** How Cosell comes to do something. */
export const Cause = z.enum(CAUSES)
export type Cause = z.infer<typeof Cause>

/** What a decision may know of the world besides its input. `now` is an ISO instant in UTC. */
export type Context = {
  now: string
  newId: (prefix: string) => string
  receipt?: Receipt
  cause?: Cause
}

export const today = ({ now }: Pick<Context, 'now'>) => now.slice(0, 10)

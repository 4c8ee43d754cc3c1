import * as z from '../lib/core/schema.ts'
import { define } from './envelope.ts'
import { Problem } from './offer.ts'
import { Id } from './vocabulary.ts'

const set = z.object({ partnerId: Id, accountId: Id, marketplace: z.literal('aws') })
const call = z.extend(set, { kind: z.enum(['create', 'release']) })
const by = z.string()

export const OfferSetEvent = z.discriminatedUnion('type', [
  define('offer-set.requested.v1', z.extend(set, { name: z.string(), offerIds: z.array(Id), by })),
  define('offer-set.submission-started.v1', z.extend(call, { attempt: z.int() })),
  define('offer-set.submission-accepted.v1', z.extend(call, { jobId: z.string() })),
  define('offer-set.retried.v1', z.extend(call, { attempt: z.int() })),
  define('offer-set.failed.v1', z.extend(set, { problems: z.array(Problem) })),
  define('offer-set.created.v1', z.extend(set, { externalId: z.string() })),
  define('offer-set.attention-needed.v1', z.extend(set, { problems: z.array(Problem) })),
  define('offer-set.resumed.v1', z.extend(set, { by })),
  define('offer-set.offer-replaced.v1', z.extend(set, { offerId: Id, replacement: Id, by })),
  define('offer-set.released.v1', z.extend(set, { externalId: z.string() })),
  define('offer-set.accepted.v1', set),
  define('offer-set.expired.v1', set),
  define('offer-set.withdrawal-requested.v1', z.extend(set, { by, reason: z.string() })),
  define('offer-set.withdrawn.v1', set),
])
export type OfferSetEvent = z.infer<typeof OfferSetEvent>

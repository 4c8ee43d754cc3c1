import { createHash } from 'node:crypto'
import type { Change, StartChangeSetRequest } from '@aws-sdk/client-marketplace-catalog'
import type { Planner } from '../marketplace.ts'
import type { OfferSet, Submission } from '../offer-set.ts'

const TYPE = 'OfferSet@1.0'
const NAME = 'NewOfferSet'

/** The name by which a change set, and the events about it, are known to be of a set's submission. */
export const changeSetName = (setId: string, { kind, attempt }: Pick<Submission, 'kind' | 'attempt'>) =>
  `cosell:${setId}:${kind}-set:${attempt}`

/** The set that a change set was named for; undefined: it is not one of ours. */
export const setOfChangeSet = (name: string): string | undefined => /^cosell:(.+):(?:create|release)-set:\d+$/.exec(name)?.[1]

// The set comes first and without offers: an offer says at its own creation which set it is for, and never again.
const creation = ({ name, buyerNotes }: OfferSet): Change[] => [
  { ChangeType: 'CreateOfferSet', ChangeName: NAME, Entity: { Type: TYPE }, DetailsDocument: { Name: name } },
  {
    ChangeType: 'UpdateInformation',
    Entity: { Type: TYPE, Identifier: `$${NAME}.Entity.Identifier` },
    DetailsDocument: { BuyerNotes: buyerNotes },
  },
]

const release = (Identifier: string, offers: string[]): Change[] => [
  {
    ChangeType: 'AssociateOffers',
    Entity: { Type: TYPE, Identifier },
    DetailsDocument: { Offers: offers.map((OfferId) => ({ OfferId })) },
  },
  { ChangeType: 'ReleaseOfferSet', Entity: { Type: TYPE, Identifier }, DetailsDocument: {} },
]

const requestFor = (set: OfferSet, call: Pick<Submission, 'kind' | 'attempt'>, offers: string[]): StartChangeSetRequest => {
  const name = changeSetName(set.id, call)
  return {
    Catalog: 'AWSMarketplace',
    ChangeSetName: name,
    // At most 64 characters are allowed: exactly the length of this digest.
    ClientRequestToken: createHash('sha256').update(name).digest('hex'),
    ChangeSet: call.kind === 'create' ? creation(set) : release(set.externalId ?? `<${set.id}>`, offers),
  }
}

/** The change set of the set's submission, always the same one. */
export const requestOf = (set: OfferSet): StartChangeSetRequest => {
  if (!set.submission) throw new TypeError(`offer set ${set.id} was never sent`)
  return requestFor(set, set.submission, set.submission.offers)
}

/** The call of a kind that is open, was made last, or would be the first. */
const callOf = ({ submission }: OfferSet, kind: Submission['kind']) =>
  submission?.kind === kind ? submission : { kind, attempt: 1 }

export const awsSetPlanner: Planner = {
  requests: (set, offers) => ({
    create: requestFor(set, callOf(set, 'create'), offers),
    release: requestFor(set, callOf(set, 'release'), offers),
  }),
}

import type { Change } from '@aws-sdk/client-marketplace-catalog'

export type Document = NonNullable<Change['DetailsDocument']>

/** A change of the entity that a change set is about; without a document it is left out. */
export type Detail = [changeType: string, document: Document | undefined]

const NAME = 'NewOffer'

/** The changes of a new entity: the first creates it, the others refer to it. */
export const changesOfNew = (type: string, details: Detail[]): Change[] =>
  details.flatMap(([ChangeType, DetailsDocument]) => {
    if (!DetailsDocument) return []
    const isCreation = ChangeType.startsWith('Create')
    const Entity = { Type: type, ...(!isCreation && { Identifier: `$${NAME}.Entity.Identifier` }) }
    return [{ ChangeType, ...(isCreation && { ChangeName: NAME }), Entity, DetailsDocument }]
  })

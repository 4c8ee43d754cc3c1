import { isCode } from '../../core/errors.ts'
import type { Offer } from '../offer.ts'

export const idOf = ({ id, externalId }: Offer): string => {
  if (!externalId) throw new TypeError(`offer ${id} was never released`)
  return externalId
}

export const callOf = ({ submission }: Offer) => submission?.kind ?? 'create'

/** What was asked for, or undefined where Microsoft has nothing of this id (any more). */
export const orNone = async <T>(asked: Promise<T>): Promise<T | undefined> => {
  try {
    return await asked
  } catch (error) {
    if (isCode(error, 'not_found')) return undefined
    throw error
  }
}

/** Only Microsoft's support could undo it. */
export const ACCEPTED = {
  code: 'already_accepted',
  target: 'status',
  message: 'the customer has accepted: only Microsoft support can cancel now, with the written consent of the customer',
}

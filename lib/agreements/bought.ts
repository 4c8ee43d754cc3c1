import { isChoice, itemOf } from '../offers/bought.ts'
import type { Offer } from '../offers/offer.ts'
import type { AgreementSnapshot } from './agreement.ts'
import type { AgreementSource } from './source.ts'

/**
 * Which of the items of its offer an agreement bought, counted from 0; undefined: there is no choice, or it is not told. The catalogue
 * is only asked where the plan's name does not tell.
 */
export const itemBought = async (
  { catalogued }: Pick<AgreementSource, 'catalogued'>,
  offer: Offer,
  { plan, productId }: AgreementSnapshot,
): Promise<number | undefined> => {
  if (!isChoice(offer) || !plan) return undefined
  return itemOf(offer, { name: plan.name }) ?? itemOf(offer, { ids: await catalogued?.({ productId, planId: plan.id }) })
}

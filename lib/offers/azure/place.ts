import type { AzureOffer } from '../offer.ts'

// Of these each item may say its own; the others are the whole offer's.
const ITEM_FIELDS = [
  'productId',
  'basePlanId',
  'planName',
  'planDescription',
  'pricing',
  'payments',
  'price',
  'listPrice',
] as const

const itemField = (target: string) => ITEM_FIELDS.find((name) => name === target.split('.')[0])

/** Whether items say it, where an offer has any. */
export const isOfItem = (target: string) => itemField(target) !== undefined

/** Where the request says the field that is wrong with an item: in the item, or beside the items for all of them. */
export const placeOf = ({ items, ...offer }: AzureOffer, at: number, target: string): string => {
  const field = itemField(target)
  const item = items?.[at]
  if (!item || !field) return target
  const isShared = item[field] === undefined && offer[field] !== undefined
  return isShared ? target : `items.${at}.${target}`
}

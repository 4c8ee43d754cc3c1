import type { AzureError } from '../../runtime/azure.ts'
import { salesOf } from '../items.ts'
import type { AzureOffer, Problem } from '../offer.ts'
import { problemOf } from './answers.ts'
import { isOfItem, placeOf } from './place.ts'
import { pricesOf, resourceNameOf } from './price.ts'

type Clue = (said: string, sale: AzureOffer, at: number, offer: AzureOffer) => boolean

const has = (said: string, words: string | undefined) => words !== undefined && said.includes(words.toLowerCase())

/** The place of an item's price among the resources of a request; -1: it has none. */
const resourceAt = (offer: AzureOffer, at: number) =>
  pricesOf(offer).findIndex(({ resourceName }) => resourceName === resourceNameOf(at))

// By what Microsoft's words may tell one item from the others, the surest first.
const CLUES: Clue[] = [
  (said, _, at) => new RegExp(`\\bpricing[.[/]${at}\\b`).test(said),
  (said, _, at, offer) => new RegExp(`\\bresources[.[/]${resourceAt(offer, at)}\\b`).test(said),
  (said, { basePlanId }) => has(said, basePlanId),
  (said, { planName }) => has(said, planName),
  (said, { productId }) => has(said, productId),
]

/** The one item that an error speaks of; undefined: it speaks of several, or does not tell. */
const itemNamed = (offer: AzureOffer, message: string): number | undefined => {
  const said = message.toLowerCase()
  for (const isNamed of CLUES) {
    const [item, ...others] = salesOf(offer).flatMap((sale, at) => (isNamed(said, sale, at, offer) ? [at] : []))
    if (item !== undefined && others.length === 0) return item
  }
  return undefined
}

const placed = (offer: AzureOffer, error: AzureError): Problem => {
  const problem = problemOf(error)
  const isAbout = problem.target === 'offer' || isOfItem(problem.target)
  if (!offer.items || !isAbout) return problem
  const item = itemNamed(offer, error.message)
  if (item === undefined) return { ...problem, target: problem.target === 'offer' ? 'offer' : 'items' }
  return { ...problem, target: problem.target === 'offer' ? `items.${item}` : placeOf(offer, item, problem.target) }
}

/** What Microsoft refuses of an offer, as problems of the fields of its request. */
export const refusalsOf = (offer: AzureOffer, errors: AzureError[]): Problem[] => errors.map((error) => placed(offer, error))

import * as z from 'zod'
import { PriceResource, schemaUrl } from './price.ts'
import { PrivateOffer } from './private-offer.ts'

export type Resource = { kind: 'price'; price: PriceResource } | { kind: 'offer'; offer: PrivateOffer }

const Envelope = z.strictObject({
  $schema: schemaUrl('configure'),
  resources: z.array(z.looseObject({ $schema: z.string() })).min(1),
})

const Offer = PrivateOffer.transform((offer): Resource => ({ kind: 'offer', offer }))
const Price = PriceResource.transform((price): Resource => ({ kind: 'price', price }))

/** A resource that was read may be sent back: null means absent. */
const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([, each]) => each !== null)
  return Object.fromEntries(kept.map(([name, each]) => [name, withoutNulls(each)]))
}

const problemsOf = (error: z.ZodError, inside = '') =>
  error.issues.map(({ path, message }) => `${[inside, ...path].filter((part) => part !== '').join('.')}: ${message}`)

const resourceOf = (resource: { $schema: string }, index: number): { resource: Resource } | { problems: string[] } => {
  const schema = resource.$schema.includes('/private-offer/') ? Offer : Price
  const parsed = schema.safeParse(resource)
  return parsed.success ? { resource: parsed.data } : { problems: problemsOf(parsed.error, `resources.${index}`) }
}

/** What a request asks for, or everything that its schemas refuse. */
export const parseConfigure = (body: unknown): { resources: Resource[] } | { problems: string[] } => {
  const envelope = Envelope.safeParse(withoutNulls(body))
  if (!envelope.success) return { problems: problemsOf(envelope.error) }
  const parts = envelope.data.resources.map(resourceOf)
  const problems = parts.flatMap((part) => ('problems' in part ? part.problems : []))
  return problems.length > 0 ? { problems } : { resources: parts.flatMap((part) => ('resource' in part ? [part.resource] : [])) }
}

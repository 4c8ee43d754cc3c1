import * as z from 'zod'
import { AUTHORIZATION_DETAILS, type AuthorizationDetail } from './authorization-details.ts'
import { DETAILS, type Detail, isCreation, PRODUCT_DETAILS, type ProductDetail } from './details.ts'
import { apiError } from './endpoint.ts'
import { OFFER_SET_DETAILS, type OfferSetDetail } from './offer-set-details.ts'
import type { ErrorDetail } from './rule.ts'

type About = { name?: string; identifier?: string; revision?: number; entity: string; errors: ErrorDetail[] }
type OfOffer = Detail & { of: 'Offer@1.0' }
type OfProduct = ProductDetail & { of: 'SaaSProduct@1.0' }
type OfAuthorization = AuthorizationDetail & { of: 'ResaleAuthorization@1.0' }
type OfOfferSet = OfferSetDetail & { of: 'OfferSet@1.0' }
export type OfferChange = OfOffer & About
export type ProductChange = OfProduct & About
export type AuthorizationChange = OfAuthorization & About
export type OfferSetChange = OfOfferSet & About
/** A change as it was asked for. `entity` is the id of what it changes, or `$name` of the change that creates it. */
export type Change = OfferChange | ProductChange | AuthorizationChange | OfferSetChange

export const isOfProduct = (change: Change): change is ProductChange => change.of === 'SaaSProduct@1.0'
export const isOfOffer = (change: Change): change is OfferChange => change.of === 'Offer@1.0'
export const isOfAuthorization = (change: Change): change is AuthorizationChange => change.of === 'ResaleAuthorization@1.0'
export const isOfOfferSet = (change: Change): change is OfferSetChange => change.of === 'OfferSet@1.0'

const Item = z.object({
  ChangeType: z.string().min(1).max(255),
  ChangeName: z
    .string()
    .regex(/^[a-zA-Z]{1,72}$/)
    .optional(),
  Entity: z.object({ Type: z.string(), Identifier: z.string().min(1).max(255).optional() }),
  Details: z.string().min(2).max(16_384).optional(),
  DetailsDocument: z.unknown().optional(),
})
type Item = z.infer<typeof Item>

const Request = z.object({
  Catalog: z.literal('AWSMarketplace'),
  ChangeSet: z.array(Item).min(1).max(20),
  ChangeSetName: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[\w\s+=.:@-]+$/)
    .optional(),
  ClientRequestToken: z
    .string()
    .regex(/^[!-~]{1,64}$/)
    .optional(),
  Intent: z.literal('APPLY', 'VALIDATE is for versions of single-AMI products only').optional(),
})

type FieldError = {
  Reason: 'CannotParse' | 'FieldValidationFailed' | 'UnknownOperation' | 'Other'
  EntityType?: string
  EntityId?: string
  ChangeType?: string
  Field?: string
  Message: string
}

/** The error of a request that is wrong in itself. */
export const invalidRequest = (message: string, fields: FieldError[] = []) =>
  apiError('ValidationException', message, fields.length ? { ValidationExceptionFieldList: fields } : {})

const pathText = (path: PropertyKey[]) =>
  path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index ? '.' : ''}${String(part)}`)).join('')

const fieldErrors = (error: z.ZodError, about: Partial<FieldError>, inside: string[] = []): FieldError[] =>
  error.issues.flatMap((issue) => {
    const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path]
    const message = issue.code === 'unrecognized_keys' ? 'is no field of this change' : issue.message
    return paths.map((path) => ({
      Reason: 'FieldValidationFailed',
      ...about,
      Field: pathText([...inside, ...path]),
      Message: message,
    }))
  })

const about = ({ ChangeType, Entity }: Item) => ({
  EntityType: Entity.Type,
  ...(Entity.Identifier && { EntityId: Entity.Identifier }),
  ChangeType,
})

/** Reads a request's members by a schema; what does not fit is a ValidationException. */
export const read = <S extends z.ZodType>(schema: S, input: unknown): z.output<S> => {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  throw invalidRequest('Request failed validation', fieldErrors(parsed.error, {}))
}

const documentOf = (item: Item): unknown => {
  if ((item.Details === undefined) === (item.DetailsDocument === undefined))
    throw invalidRequest('give Details or DetailsDocument', [{ Reason: 'Other', ...about(item), Message: 'give one of the two' }])
  if (item.Details === undefined) return item.DetailsDocument
  try {
    return JSON.parse(item.Details)
  } catch {
    throw invalidRequest('Details is no JSON', [
      { Reason: 'CannotParse', ...about(item), Field: 'Details', Message: 'must be JSON' },
    ])
  }
}

const REFERENCE = /^(\$[a-zA-Z]+)\.Entity\.Identifier$/
const IDENTIFIER = /^([\w-]+)(?:@(\d+))?$/

const entityOf = ({ ChangeType, ChangeName, Entity: { Identifier } }: Item, index: number) => {
  if (isCreation(ChangeType)) return Identifier === undefined ? { entity: `$${ChangeName ?? index}` } : undefined
  const [, reference] = REFERENCE.exec(Identifier ?? '') ?? []
  if (reference) return { entity: reference }
  const [, entity, revision] = IDENTIFIER.exec(Identifier ?? '') ?? []
  return entity ? { entity, ...(revision && { revision: Number(revision) }) } : undefined
}

const SCHEMAS: Record<string, Record<string, z.ZodType>> = {
  'Offer@1.0': DETAILS,
  'SaaSProduct@1.0': PRODUCT_DETAILS,
  'ResaleAuthorization@1.0': AUTHORIZATION_DETAILS,
  'OfferSet@1.0': OFFER_SET_DETAILS,
}

const schemaOf = (item: Item): z.ZodType => {
  const { ChangeType, Entity } = item
  const schemas = SCHEMAS[Entity.Type]
  if (!schemas) throw apiError('ResourceNotSupportedException', `entities of type ${Entity.Type} are not supported`)
  const schema = Object.hasOwn(schemas, ChangeType) ? schemas[ChangeType] : undefined
  if (schema) return schema
  throw invalidRequest('Request failed validation', [
    { Reason: 'UnknownOperation', ...about(item), Message: `there is no change ${ChangeType} for ${Entity.Type}` },
  ])
}

const changeOf = (item: Item, index: number): Change | FieldError[] => {
  const fields = schemaOf(item).safeParse(documentOf(item))
  if (!fields.success) return fieldErrors(fields.error, about(item), ['DetailsDocument'])
  const named = entityOf(item, index)
  if (!named)
    return [
      {
        Reason: 'FieldValidationFailed',
        ...about(item),
        Field: 'Entity.Identifier',
        Message: 'must name the entity of a change, and none when it creates one',
      },
    ]
  const { ChangeType, ChangeName, Entity } = item
  return {
    ...({ of: Entity.Type, type: ChangeType, fields: fields.data } as OfOffer | OfProduct | OfAuthorization | OfOfferSet),
    ...(ChangeName && { name: ChangeName }),
    ...(Entity.Identifier && { identifier: Entity.Identifier }),
    ...named,
    errors: [],
  }
}

const checkTogether = (changes: Change[]) => {
  const created = changes.filter(({ type }) => isCreation(type)).map(({ entity }) => entity)
  const lost = changes.find(({ entity }) => entity.startsWith('$') && !created.includes(entity))
  if (lost) throw invalidRequest(`no change creates the entity ${lost.identifier}`)
  const names = changes.flatMap(({ name }) => name ?? [])
  if (new Set(names).size < names.length) throw invalidRequest('give each change its own ChangeName')
  const keys = changes.map(({ type, entity }) => `${type} of ${entity}`)
  const twice = keys.find((key, index) => keys.indexOf(key) < index)
  if (twice) throw invalidRequest(`${twice} is there twice: a change set takes each type of change once per entity`)
}

/** The changes of a StartChangeSet request, their fields checked; throws what the API answers at once. */
export const readRequest = (input: unknown) => {
  const { ChangeSet, ChangeSetName, ClientRequestToken } = read(Request, input)
  const results = ChangeSet.map(changeOf)
  const errors = results.flatMap((result) => (Array.isArray(result) ? result : []))
  if (errors.length) throw invalidRequest('Request failed validation', errors)
  const changes = results.flatMap((result) => (Array.isArray(result) ? [] : [result]))
  checkTogether(changes)
  return { changes, name: ChangeSetName, token: ClientRequestToken }
}

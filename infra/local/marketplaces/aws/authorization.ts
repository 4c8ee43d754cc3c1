import type { AuthorizationDetail, AuthorizationTerm } from './authorization-details.ts'
import { arn, seconds } from './events.ts'
import type { Write } from './journal.ts'
import { marked } from './markup.ts'
import { type Product, SELLER } from './products.ts'
import type { Term } from './term-fields.ts'

/** What a seller allows a reseller to sell, and for what wholesale price. The caller has given it, or received it. */
export type Authorization = {
  id: string
  revision: number
  state: 'Draft' | 'Active' | 'Restricted'
  manufacturer: { accountId: string; name: string }
  resellerAccountId: string
  productId: string
  name: string
  description?: string | undefined
  pricingModel?: string
  terms: AuthorizationTerm[]
  availabilityEndDate?: string | undefined
  offersMaxQuantity?: 1 | undefined
  createdDate: string
  lastModifiedDate: string
}

export const AUTHORIZATIONS = 'aws.authorizations'

export const authorizationWrite = (authorization: Authorization): Write => ({
  collection: AUTHORIZATIONS,
  id: authorization.id,
  document: authorization,
})

export const newAuthorization = (id: string, at: string): Authorization => ({
  ...{ id, revision: 0, state: 'Draft', manufacturer: SELLER, resellerAccountId: '', productId: '', name: '', terms: [] },
  ...{ createdDate: at, lastModifiedDate: at },
})

const KIND = {
  UpdatePricingTerms: /PricingTerm$/,
  UpdatePaymentScheduleTerms: /PaymentScheduleTerm$/,
  UpdateBuyerTargetingTerms: /TargetingTerm$/,
  UpdateLegalTerms: /LegalTerm$/,
}

/** The authorisation after one change; every change of terms replaces all terms of its kind. */
export const changedAuthorization = (authorization: Authorization, { type, fields }: AuthorizationDetail): Authorization => {
  switch (type) {
    case 'CreateResaleAuthorization': {
      const { ProductId: productId, Name: name, Description: description, ResellerAccountId: resellerAccountId } = fields
      return { ...authorization, productId, name, description, resellerAccountId }
    }
    case 'UpdateInformation':
      return {
        ...authorization,
        name: fields.Name ?? authorization.name,
        description: fields.Description ?? authorization.description,
      }
    case 'UpdateAvailability':
      return {
        ...authorization,
        availabilityEndDate: fields.AvailabilityEndDate,
        offersMaxQuantity: fields.OffersMaxQuantity,
      }
    case 'ReleaseResaleAuthorization':
      return { ...authorization, state: 'Active' }
    case 'RestrictResaleAuthorization':
      return { ...authorization, state: 'Restricted' }
    default: {
      const kept = authorization.terms.filter((term) => !KIND[type].test(term.Type))
      const model = type === 'UpdatePricingTerms' ? { pricingModel: fields.PricingModel } : {}
      return { ...authorization, ...model, terms: [...kept, ...fields.Terms] }
    }
  }
}

type Wholesale = Extract<AuthorizationTerm, { Type: `Resale${string}PricingTerm` | 'ResalePaymentScheduleTerm' }>
const isWholesale = (term: AuthorizationTerm): term is Wholesale => /(PricingTerm|PaymentScheduleTerm)$/.test(term.Type)

/** The wholesale terms as a buyer gets them, with the reseller's markup in percent. */
export const resoldTerms = ({ terms }: Authorization, percentage: string): Term[] =>
  terms.filter(isWholesale).map((term) => marked({ ...term, Type: term.Type.replace('Resale', '') } as Term, percentage))

/** The buyers whom the reseller may target; undefined: all. */
export const authorizedBuyers = ({ terms }: Authorization) =>
  terms.find((term) => term.Type === 'BuyerTargetingTerm')?.PositiveTargeting.BuyerAccounts

/** Whether no offer can be made from it any more on a day; its end date still counts. */
export const isOver = ({ availabilityEndDate }: Authorization, today: string) =>
  availabilityEndDate !== undefined && availabilityEndDate < today

const endOf = ({ availabilityEndDate }: Authorization) => availabilityEndDate && `${availabilityEndDate}T00:00:00Z`

// Which members the document has is told by samples only.
const documentOf = (authorization: Authorization) => ({
  Id: authorization.id,
  Status: authorization.state,
  Name: authorization.name,
  Description: authorization.description,
  ProductId: authorization.productId,
  ManufacturerAccountId: authorization.manufacturer.accountId,
  Terms: authorization.terms,
  Rules: [
    { Type: 'PartnerTargetingRule', ResellerAccounts: [authorization.resellerAccountId] },
    {
      Type: 'AvailabilityRule',
      AvailabilityEndDate: authorization.availabilityEndDate,
      OffersMaxQuantity: authorization.offersMaxQuantity,
    },
  ],
})

/** The authorisation as DescribeEntity tells it. */
export const authorizationEntity = (authorization: Authorization) => ({
  type: 'ResaleAuthorization@1.0',
  arn: arn('ResaleAuthorization', authorization.id, authorization.manufacturer.accountId),
  document: documentOf(authorization),
})

/** The authorisation as a row of ListEntities. */
export const authorizationSummary = (authorization: Authorization, product: Product | undefined) => ({
  Name: authorization.name,
  ProductId: authorization.productId,
  ProductName: product?.title,
  ManufacturerAccountId: authorization.manufacturer.accountId,
  ManufacturerLegalName: authorization.manufacturer.name,
  ResellerAccountID: authorization.resellerAccountId,
  ResellerLegalName: `Reseller ${authorization.resellerAccountId}`,
  Status: authorization.state,
  CreatedDate: seconds(authorization.createdDate),
  AvailabilityEndDate: endOf(authorization),
  ResellerRole: 'ChannelPartner',
})

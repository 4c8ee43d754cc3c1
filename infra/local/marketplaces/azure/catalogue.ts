import type { World } from '../stand-in.ts'
import type { PlanPricing } from './price.ts'

export type Product = {
  id: string
  externalId: string
  type: 'softwareAsAService' | 'azureVirtualMachine' | 'professionalService'
  alias: string
}

/** A plan; `privateOnly`: a buyer gets it through a private offer, so its terms are accepted in the portal only. */
export type Plan = {
  id: string
  product: string
  externalId: string
  alias: string
  description: string
  pricing?: PlanPricing
  privateOnly?: boolean
  hasTrial?: boolean
}

export type Catalogue = { products: Product[]; plans: Plan[] }

export const catalogueOf = async ({ shelf }: World): Promise<Catalogue> => ({
  products: await shelf.list<Product>('azure.products'),
  plans: await shelf.list<Plan>('azure.plans'),
})

/** The last part of an id like `plan/{guid}/{guid}`. */
export const guidIn = (id: string) => id.slice(id.lastIndexOf('/') + 1)

export const productIn = ({ products }: Catalogue, id: string) => products.find((product) => product.id === id)
export const planIn = ({ plans }: Catalogue, id: string | undefined) => plans.find((plan) => plan.id === id)

import type { ProductDetail } from './details.ts'
import type { Product } from './products.ts'
import type { ErrorDetail } from './rule.ts'

/** Of contract dimensions, and as many of metered ones; restricted ones count too. */
const MOST_OF_A_TYPE = 200

type Fields = ProductDetail['fields']

const added = (fields: Fields): Product['dimensions'] =>
  fields.flatMap(({ Key, Name, Types }) => Types.map((type) => ({ key: Key, name: Name, type })))

/** The product with more dimensions. */
export const withDimensions = (product: Product, fields: Fields): Product => ({
  ...product,
  dimensions: [...product.dimensions, ...added(fields)],
})

/** Why the product cannot take them. */
export const dimensionErrors = (product: Product, fields: Fields): ErrorDetail[] => {
  const keys = fields.map(({ Key }) => Key)
  const known = keys.filter((key, index) => keys.indexOf(key) < index || product.dimensions.some((each) => each.key === key))
  const all = withDimensions(product, fields).dimensions
  const isFull = (['Entitled', 'ExternallyMetered'] as const).some(
    (type) => all.filter((each) => each.type === type).length > MOST_OF_A_TYPE,
  )
  return [
    ...known.map((key) => ({ ErrorCode: 'DUPLICATE_DIMENSION_KEYS', ErrorMessage: `the product has ${key} already` })),
    ...(isFull ? [{ ErrorCode: 'TOO_MANY_DIMENSIONS', ErrorMessage: `a product has up to ${MOST_OF_A_TYPE} of a type` }] : []),
  ]
}

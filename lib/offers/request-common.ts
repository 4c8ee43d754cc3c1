import { Id } from '../../events/vocabulary.ts'
import { Money } from '../core/money.ts'
import { DateText } from '../core/period.ts'
import * as z from '../core/schema.ts'

/** What every request for an offer says, on whatever marketplace. */
export const common = {
  partnerId: Id,
  accountId: z.described(Id, 'the customer, as an account of Cosell'),
  name: z.described(z.text(100), 'shown to the buyer'),
  productId: z.described(Id, "the marketplace's product id: prod-… on AWS, the product's guid on Azure"),
  listPrice: z.described(z.strict(Money), 'what the whole term costs without a discount'),
  price: z.described(z.strict(Money), 'what the whole term costs in this offer (total contract value)'),
  termMonths: z.int().check(z.minimum(1), z.maximum(60)),
  expiresOn: z.described(DateText, 'the last day on which the buyer may accept'),
}

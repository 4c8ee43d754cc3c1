import type { Format } from '../entry.ts'
import { awsFeed } from './aws-feed.ts'

// The feeds that Cosell has no use for: agreements, offers and products are read from AWS itself. They are counted, so that a folder of
// feeds can be imported as it is, and so that a damaged one is told.

export const awsNoted: readonly Format[] = [
  awsFeed({
    kind: 'aws-addresses',
    keys: ['address_id'],
    required: ['email_domain', 'company_name', 'postal_code'],
    // The documentation calls a column `country`, AWS's queries `country_code`.
    ignored: [
      ...['aws_account_id', 'country', 'country_code', 'state_or_region', 'city'],
      ...['address_line_1', 'address_line_2', 'address_line_3'],
    ],
    typeOf: () => 'address',
  }),
  awsFeed({
    kind: 'aws-products',
    keys: ['product_id'],
    required: ['manufacturer_account_id', 'product_code', 'title'],
    ignored: [],
    typeOf: () => 'product',
  }),
  awsFeed({
    kind: 'aws-offers',
    keys: ['offer_id', 'offer_revision'],
    required: ['name', 'expiration_date'],
    ignored: ['opportunity_id', 'opportunity_name', 'opportunity_description', 'seller_account_id', 'recipient_account_id'],
    typeOf: () => 'offer',
  }),
  awsFeed({
    kind: 'aws-offer-products',
    keys: ['offer_id', 'offer_revision', 'product_id'],
    ignored: [],
    typeOf: () => 'product of an offer',
  }),
  awsFeed({
    kind: 'aws-offer-targets',
    keys: ['offer_target_id'],
    required: ['offer_id', 'offer_revision', 'target_type', 'value'],
    ignored: ['polarity'],
    typeOf: () => 'target of an offer',
  }),
  awsFeed({
    kind: 'aws-agreement-terms',
    keys: ['agreement_id', 'term_id'],
    required: ['term_type'],
    ignored: ['term_configuration'],
    typeOf: () => 'term of an agreement',
  }),
  awsFeed({
    kind: 'aws-agreement-charges',
    keys: ['agreement_id', 'term_id'],
    required: ['amount', 'currency_code', 'time'],
    ignored: [],
    typeOf: () => 'charge of an agreement',
  }),
  awsFeed({
    kind: 'aws-daily-usage',
    keys: ['usage_feed_id'],
    required: ['usage_date', 'usage_quantity'],
    ignored: [
      ...['product_id', 'agreement_id', 'end_user_account_id', 'payer_account_id', 'region', 'dimension_key', 'usage_unit'],
      ...['pricing_currency', 'estimated_revenue_in_pricing_currency', 'usage_rate_per_unit_in_pricing_currency'],
      ...['recipient_account_id', 'offer_id', 'charge_item_description'],
    ],
    typeOf: () => 'usage of a day',
  }),
  awsFeed({
    kind: 'aws-legacy-ids',
    keys: ['legacy_id', 'new_id'],
    required: ['mapping_type'],
    ignored: [],
    isUndated: true,
    typeOf: (field) => `legacy id ${field('mapping_type')}`.trim(),
  }),
]

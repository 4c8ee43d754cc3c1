// Rows of AWS's Seller Data Feeds with the documented columns.

const HISTORY = {
  valid_from: '2027-01-10T00:00:00Z',
  insert_date: '2027-01-11T00:00:00Z',
  update_date: '2027-01-11T00:00:00Z',
  delete_date: '',
}

const ROWS = {
  accounts: {
    account_id: 'feed-1',
    aws_account_id: '310000000001',
    encrypted_account_id: 'Zf7oMzheGWpH',
    mailing_address_id: 'adr-1',
    tax_address_id: '',
    tax_registration_number: '',
    tax_legal_name: '',
    ...HISTORY,
  },
  agreements: {
    agreement_id: 'agmt-1',
    proposer_account_id: 'feed-0',
    acceptor_account_id: 'feed-1',
    offer_id: 'offer-1',
    offer_revision_at_acceptance: '1',
    start_time: '2027-01-10 00:00:00.0',
    end_time: '',
    acceptance_time: '2027-01-10 00:00:00.0',
    intent: 'NEW',
    preceding_agreement_id: '',
    status: 'ACTIVE',
    status_reason_code: '',
    estimated_agreement_value: '30000.00',
    currency_code: 'USD',
    ...HISTORY,
  },
  'agreement-terms': { agreement_id: 'agmt-1', term_id: 'term-1', term_type: 'RenewalTerm', term_configuration: '', ...HISTORY },
  'agreement-charges': {
    amount: '28440.00',
    currency_code: 'USD',
    time: '2027-02-06',
    agreement_id: 'agmt-1',
    term_id: 'term-1',
    ...HISTORY,
  },
  'tax-items': {
    tax_item_id: 'tax-1',
    invoice_id: '781216640',
    line_item_id: '71000000000000000000',
    customer_bill_id: '2210000000000000000',
    tax_liable_party: 'Seller',
    transaction_type_code: 'AWS',
    product_id: 'prod-1',
    invoice_date: '2026-12-31T00:00:00Z',
    taxable_amount: '100',
    tax_amount: '20.6',
    tax_currency: 'USD',
    ...HISTORY,
  },
  addresses: {
    address_id: 'adr-1',
    aws_account_id: '310000000001',
    email_domain: 'alpine.example',
    company_name: '"Alpine, Inc"',
    country: 'DE',
    state_or_region: '',
    city: 'Hamburg',
    postal_code: '67568',
    address_line_1: '',
    address_line_2: '',
    address_line_3: '',
    ...HISTORY,
  },
  products: { product_id: 'prod-1', manufacturer_account_id: 'feed-0', product_code: 'code-1', title: 'Contracts', ...HISTORY },
  offers: {
    offer_id: 'offer-1',
    offer_revision: '1',
    name: 'Alpine 2027',
    expiration_date: '2027-01-31T00:00:00Z',
    opportunity_name: '',
    opportunity_description: '',
    seller_account_id: 'feed-0',
    opportunity_id: '',
    ...HISTORY,
  },
  'offer-products': { offer_id: 'offer-1', offer_revision: '1', product_id: 'prod-1', ...HISTORY },
  'offer-targets': {
    offer_target_id: 'tgt-1',
    offer_id: 'offer-1',
    offer_revision: '1',
    target_type: 'BuyerAccounts',
    polarity: 'PositiveTargeting',
    value: '310000000001',
    ...HISTORY,
  },
  'legacy-ids': { mapping_type: 'OFFER', legacy_id: '8a806c74-dbd6-403e-9362-bb08f417ff37', new_id: 'offer-1' },
  'daily-usage': {
    usage_feed_id: 'use-1',
    usage_date: '2027-01-10T00:00:00Z',
    product_id: 'prod-1',
    agreement_id: 'agmt-1',
    end_user_account_id: 'feed-1',
    dimension_key: 'users',
    usage_quantity: '3',
    ...HISTORY,
  },
} satisfies Record<string, Record<string, string>>
type FeedName = keyof typeof ROWS

/** A file of a feed, a row for each change of the example row. */
export const feedFile = (name: FeedName, ...changes: Record<string, string>[]): string => {
  const columns = Object.keys(ROWS[name])
  const rows = changes.map((change) => Object.values({ ...ROWS[name], ...change }).join(','))
  return `${[columns.join(','), ...rows].join('\n')}\n`
}
export const FEEDS = Object.keys(ROWS) as FeedName[]

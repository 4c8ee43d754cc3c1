/** What every `POST /v1/transactions` of the tests starts from: a direct sale, as its body. */
export const SALE = {
  providerKey: 'inv-1',
  ledger: 'billed',
  kind: 'contract',
  accountId: 'acc-1',
  productId: 'prod-1',
  marketplace: 'direct',
  amount: { amount: 100, currency: 'USD' },
  on: '2026-11-01',
}

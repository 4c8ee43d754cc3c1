/** Minor units of US dollars. */
export const usd = (amount: number) => ({ amount, currency: 'USD' })

import type { TransactionData } from '../../events/metrics.ts'
import type { Money } from '../core/money.ts'
import type { CsvRecord } from './csv.ts'

/** By what a row says whose it is. */
export type Reference =
  | { marketplace: 'aws'; agreementId: string; endUserId: string; productId: string }
  | { marketplace: 'azure'; purchaseRecordId: string; lineItemId: string; assetId: string; buyerIds: string[]; productId: string }

/** One line of the books as a settlement file states it. */
export type Entry = {
  /** The row's id where it comes from. A key is one line of the books, however often it is stated. */
  key: string
  /** When it was stated, as text that sorts by time: of two statements the later one holds. */
  statedAt: string
  reference: Reference
  ledger: TransactionData['ledger']
  kind: TransactionData['kind']
  amount: Money
  /** The day; absent where only the payment, which another file tells, has one. */
  on?: string
  paymentId?: string
}

/**
 * What a file tells that makes rows of other files understood: which offer an order belongs to, when a payment was sent, which offer an
 * agreement is of and whose account accepted it, which AWS account an account of the feeds is. Empty: not told, or no longer so.
 */
export type Link =
  | { key: string; statedAt: string; privateOfferId?: string; buyerIds: string[] }
  | { key: string; statedAt: string; paidOn: string }
  | { key: string; statedAt: string; offerId: string; acceptorId: string }
  | { key: string; statedAt: string; awsAccountId: string }

/** Where a row goes: into the books; to those who record it from another source; nowhere, as it moves nothing of ours by itself. */
export type Treatment = 'books' | 'elsewhere' | 'noted'

export type Row = {
  /** The provider's own words for what it is. */
  type: string
  amount: Money
  rounded: boolean
  treatment: Treatment
  entries: Entry[]
  links: Link[]
}

/** Why a row cannot be read. */
export type Flaw = { column: string; reason: string }
export const isFlaw = (read: Row | Flaw): read is Flaw => 'reason' in read

/** The columns of a file by their names in lower case, letters and digits only: Microsoft's files differ in the rest. */
export type Columns = ReadonlyMap<string, number>
export const nameOf = (header: string) => header.toLowerCase().replace(/[^a-z0-9]/g, '')

type AwsFeed =
  | 'billing-events'
  | 'accounts'
  | 'agreements'
  | 'agreement-terms'
  | 'agreement-charges'
  | 'tax-items'
  | 'addresses'
  | 'products'
  | 'offers'
  | 'offer-products'
  | 'offer-targets'
  | 'legacy-ids'
  | 'daily-usage'

/** A kind of file. `reader` is made once a file and then reads record by record; `statedAt` is when the file was made. */
export type Format = {
  kind: `aws-${AwsFeed}` | 'azure-orders' | 'azure-revenue' | 'azure-earnings' | 'azure-payments'
  marketplace: 'aws' | 'azure'
  required: readonly string[]
  optional: readonly string[]
  /** Documented, and of no use here. */
  ignored: readonly string[]
  reader: (columns: Columns, statedAt: string) => (record: CsvRecord) => Row | Flaw
}

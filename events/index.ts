import * as z from 'zod'
import { AccountOpened } from './account.ts'
import { OperationReceived } from './azure.ts'
import { ExportCompleted, ExportFailed, ExportRequested } from './export.ts'
import { MessageEvent } from './message.ts'
import { MetricEvent } from './metrics.ts'
import { OfferEvent } from './offer.ts'
import { PartnerRegistered } from './partner.ts'
import { TermsAccepted, TermsChecked } from './terms.ts'

/** Every event that Cosell writes: the catalogue. */
export const DomainEvent = z.discriminatedUnion('type', [
  ...MetricEvent.options,
  PartnerRegistered,
  AccountOpened,
  OperationReceived,
  ExportRequested,
  ExportCompleted,
  ExportFailed,
  TermsChecked,
  TermsAccepted,
  ...OfferEvent.options,
  ...MessageEvent.options,
])
export type DomainEvent = z.infer<typeof DomainEvent>

import * as z from '../lib/core/schema.ts'
import { AccountOpened } from './account.ts'
import { DelegationGranted, DelegationRevoked } from './approval.ts'
import { AnswerRefused, ChangeJudged, OperationReceived } from './azure.ts'
import { CommitmentEvent } from './commitment.ts'
import { ExceptionEvent } from './exception.ts'
import { ExportCompleted, ExportFailed, ExportRequested } from './export.ts'
import { MessageEvent } from './message.ts'
import { MetricEvent } from './metrics.ts'
import { OfferEvent } from './offer.ts'
import { OfferSetEvent } from './offer-set.ts'
import { PartnerClassified, PartnerHeld, PartnerHoldLifted, PartnerRegistered } from './partner.ts'
import { PeriodClosed } from './period.ts'
import { SettlementCompleted, SettlementContinued, SettlementFailed, SettlementRequested } from './settlement.ts'
import { SurveyResponded } from './survey.ts'
import { TermsAccepted, TermsChecked } from './terms.ts'
import { VerificationEvent } from './verification.ts'
import { WebhookEvent } from './webhook.ts'

/** Every event that Cosell writes: the catalogue. */
export const DomainEvent = z.discriminatedUnion('type', [
  ...MetricEvent.def.options,
  PartnerRegistered,
  PartnerClassified,
  PartnerHeld,
  PartnerHoldLifted,
  DelegationGranted,
  DelegationRevoked,
  AccountOpened,
  OperationReceived,
  ChangeJudged,
  AnswerRefused,
  ExportRequested,
  ExportCompleted,
  ExportFailed,
  PeriodClosed,
  SettlementRequested,
  SettlementContinued,
  SettlementCompleted,
  SettlementFailed,
  SurveyResponded,
  TermsChecked,
  TermsAccepted,
  ...OfferEvent.def.options,
  ...OfferSetEvent.def.options,
  ...MessageEvent.def.options,
  ...CommitmentEvent.def.options,
  ...ExceptionEvent.def.options,
  ...VerificationEvent.def.options,
  ...WebhookEvent.def.options,
])
export type DomainEvent = z.infer<typeof DomainEvent>

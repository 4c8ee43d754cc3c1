import { after } from './duration.ts'
import { termOf } from './offer.ts'
import { fixedOf, has, isSame, type Rule } from './rule.ts'

/** The rules on when an agreement starts and ends. */
export const PERIOD_RULES: Rule[] = [
  {
    code: 'MISSING_DURATION',
    on: ['UpdatePricingTerms'],
    broken: (view) =>
      fixedOf(view) &&
      !fixedOf(view)?.Duration &&
      !termOf(view.offer, 'ValidityTerm')?.AgreementStartDate &&
      !view.offer.replaces &&
      'add Duration',
  },
  {
    code: 'INVALID_DURATION',
    on: ['UpdatePricingTerms', 'UpdateValidityTerms'],
    broken: (view) => {
      const duration = fixedOf(view)?.Duration
      const agreed = termOf(view.offer, 'ValidityTerm')?.AgreementDuration
      if (duration && isSame(duration, 'P0D', view.at)) return 'Duration must be longer than nothing'
      return duration && agreed && !isSame(duration, agreed, view.at) && 'make Duration the AgreementDuration'
    },
  },
  {
    code: 'INVALID_AGREEMENT_DURATION',
    on: ['UpdateValidityTerms'],
    broken: ({ offer, at }) => {
      const agreed = termOf(offer, 'ValidityTerm')?.AgreementDuration
      return agreed && isSame(agreed, 'P0D', at) && 'AgreementDuration must be longer than nothing'
    },
  },
  {
    code: 'INCOMPATIBLE_TERMS',
    on: ['UpdateValidityTerms'],
    broken: ({ offer }) => {
      const term = termOf(offer, 'ValidityTerm')
      return term?.AgreementDuration && (term.AgreementStartDate || term.AgreementEndDate) && 'give AgreementDuration or dates'
    },
  },
  {
    code: 'MISSING_AGREEMENT_START_DATE',
    on: ['UpdateValidityTerms', 'UpdatePricingTerms'],
    broken: (view) => {
      const term = termOf(view.offer, 'ValidityTerm')
      const needed = !view.offer.replaces && (term?.AgreementEndDate || has(view, 'ConfigurableUpfrontPricingTerm'))
      return term && needed && !term.AgreementStartDate && 'add AgreementStartDate or leave the ValidityTerm out'
    },
  },
  {
    code: 'MISSING_AGREEMENT_END_DATE',
    on: ['UpdateValidityTerms', 'ReleaseOffer'],
    broken: ({ offer }) => {
      const term = termOf(offer, 'ValidityTerm')
      return term?.AgreementStartDate && !term.AgreementEndDate && !term.AgreementDuration && 'add AgreementEndDate'
    },
  },
  {
    code: 'INVALID_AGREEMENT_START_DATE',
    on: ['UpdateValidityTerms', 'UpdateAvailability'],
    broken: ({ offer, at }) => {
      const start = termOf(offer, 'ValidityTerm')?.AgreementStartDate
      if (start && start <= (offer.availabilityEndDate ?? '')) return 'the agreement must start after AvailabilityEndDate'
      return start && start > after(at, 'P3Y').slice(0, 10) && 'the agreement must start within three years'
    },
  },
  {
    code: 'INVALID_AGREEMENT_TIME_INTERVAL',
    on: ['UpdateValidityTerms'],
    broken: ({ offer }) => {
      const { AgreementStartDate, AgreementEndDate } = termOf(offer, 'ValidityTerm') ?? {}
      return (
        AgreementStartDate && AgreementEndDate && AgreementEndDate < AgreementStartDate && 'the agreement ends before it starts'
      )
    },
  },
]

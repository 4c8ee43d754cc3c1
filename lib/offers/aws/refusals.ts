import type { ChangeSummary, ErrorDetail, ValidationExceptionField } from '@aws-sdk/client-marketplace-catalog'
import type { Problem } from '../offer.ts'
import { SELLER } from './remedies.ts'

/** What AWS Marketplace says itself, behind our advice. */
export const quoted = (text = '') => (text ? ` (AWS Marketplace says: ${text})` : '')

/** The words of a request for what was refused: `unknown` is the advice where only AWS's text tells what is wrong. */
type Words = {
  unknown: string
  explained: (changeType: string | undefined, detail: ErrorDetail) => Problem[]
  targetOf: (path: string | undefined, changeType: string | undefined) => string
}

const untold = (code: string, { unknown }: Pick<Words, 'unknown'>, description: string): Problem[] => [
  { code, target: SELLER, message: unknown + quoted(description) },
]

/** Every reason for which a change set failed, as fields of our request and what to do about each. */
export const ofChanges = (
  words: Pick<Words, 'unknown' | 'explained'>,
  changes: ChangeSummary[] = [],
  description = '',
): Problem[] => {
  const problems = changes.flatMap(({ ChangeType, ErrorDetailList = [] }) =>
    ErrorDetailList.flatMap((detail) => words.explained(ChangeType, detail)),
  )
  return problems.length ? problems : untold('CLIENT_ERROR', words, description)
}

/** A request that was refused at once, field by field. */
export const ofFields = (
  words: Pick<Words, 'unknown' | 'targetOf'>,
  fields: ValidationExceptionField[] = [],
  description = '',
): Problem[] => {
  const problems = fields.map(({ Reason = 'VALIDATION', Field, ChangeType, Message }) => ({
    code: Reason,
    target: words.targetOf(Field, ChangeType),
    message: words.unknown + quoted(Message),
  }))
  return problems.length ? problems : untold('VALIDATION', words, description)
}

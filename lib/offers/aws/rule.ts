import type { AwsOffer, Problem } from '../offer.ts'

/** One rule of AWS Marketplace: what is wrong with an offer on a day. */
export type Rule = (offer: AwsOffer, today: string) => Problem[]

/** `message` says the rule and the remedy. */
export const problem = (wrong: boolean, code: string, target: string, message: string): Problem[] =>
  wrong ? [{ code, target, message }] : []

export const repeated = (values: string[], code: string, target: (index: number) => string): Problem[] =>
  values.flatMap((value, index) =>
    problem(values.indexOf(value) < index, code, target(index), `${value} is named twice: remove one`),
  )

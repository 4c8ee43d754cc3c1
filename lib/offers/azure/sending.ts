import { unavailable } from '../../core/errors.ts'
import type { Marketplace } from '../marketplace.ts'
import type { AzureOffer } from '../offer.ts'
import { awaits, isAccepted, isLive } from './answers.ts'
import { azureCall } from './call.ts'
import type { Ingestion } from './ingestion.ts'
import { ACCEPTED, idOf, orNone } from './lookup.ts'
import { command, configureRequest, configuring } from './plan.ts'
import { completed, NOT_RECEIVED } from './received.ts'
import { refusalsOf } from './refusals.ts'

type Sent = ReturnType<Marketplace['send']>

const WITH_CUSTOMER = {
  code: 'partner_has_published',
  target: 'status',
  message: 'the selling partner has published it to the customer: ask the partner to withdraw it first',
}

const create = async (api: Ingestion, offer: AzureOffer): Sent => {
  if (offer.kind !== 'multiparty-selling-partner') return post(api, offer, configureRequest(offer))
  const received = await orNone(api.received(offer.receivedOfferId ?? ''))
  const whole = received ? completed(offer, received) : { refused: [NOT_RECEIVED] }
  return 'refused' in whole ? whole : post(api, offer, configuring(whole.resource))
}

const withdraw = async (api: Ingestion, offer: AzureOffer): Sent => {
  const current = await api.privateOffer(idOf(offer))
  if (isAccepted(current)) return { refused: [ACCEPTED] }
  const isAhead = offer.kind === 'multiparty-originator' && isLive(current) && awaits(current) === 'customer'
  return isAhead ? { refused: [WITH_CUSTOMER] } : post(api, offer, command('withdraw', offer, current))
}

const remove = async (api: Ingestion, offer: AzureOffer): Sent => {
  const current = await api.privateOffer(idOf(offer))
  return post(api, offer, command('delete', offer, current))
}

const SENDERS = { create, withdraw, delete: remove }

/** Starts the call that the offer's submission describes. What is not there any more is `not_found`: its trace tells the rest. */
export const sendCall = (api: Ingestion, offer: AzureOffer): Sent => SENDERS[azureCall(offer)](api, offer)

const post = async (api: Ingestion, offer: AzureOffer, request: unknown): Sent => {
  const answer = await api.configure(request)
  if (answer.ok) return { jobId: answer.body.jobId }
  if (answer.status === 409)
    throw unavailable(`Microsoft is busy with this product: ${answer.errors.map(({ message }) => message).join('; ')}`)
  return { refused: refusalsOf(offer, answer.errors) }
}

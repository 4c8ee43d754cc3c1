import { isCode } from '../core/errors.ts'
import type { Message } from './message.ts'
import type { Outcome } from './sending.ts'

type Mail = { to: string[]; subject: string; text: string }

/** SES's client is loaded with the first mail. It repeats nothing by itself: a repeat is a second mail. */
const connect = async (sender: string) => {
  const { SESv2Client, SendEmailCommand } = await import('@aws-sdk/client-sesv2')
  // Without the last one the client only complains of a timeout, and waits on.
  const requestHandler = { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true }
  const client = new SESv2Client({ maxAttempts: 1, requestHandler })
  return async ({ to, subject, text }: Mail) => {
    const content = { Subject: { Data: subject, Charset: 'UTF-8' }, Body: { Text: { Data: text, Charset: 'UTF-8' } } }
    const mail = { FromEmailAddress: sender, Destination: { ToAddresses: to }, Content: { Simple: content } }
    return (await client.send(new SendEmailCommand(mail))).MessageId ?? ''
  }
}

const REFUSED = ['MessageRejected', 'BadRequestException', 'NotFoundException']

/** SES names addresses in its messages; they are told to nobody. */
const withoutAddresses = (text: string) => text.replace(/[^\s<>:,;"']+@[^\s<>:,;"']+/g, '(address)').slice(0, 500)

// Nothing was sent where nobody was reached.
const UNREACHED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'CredentialsProviderError']

type Failure = Error & { code?: string; $metadata?: { httpStatusCode?: number } }

const outcomeOf = (error: Failure): Outcome => {
  const reason = `SES: ${error.name}, ${withoutAddresses(error.message)}`
  if (REFUSED.includes(error.name)) return { refused: reason }
  const isUnreached = UNREACHED.includes(error.code ?? error.name)
  // An answer says that nothing was sent; without one nobody knows.
  return isUnreached || error.$metadata?.httpStatusCode ? { later: reason } : { unsure: reason }
}

type Lookup = (message: Message) => Promise<string[]>

/** Looking up sends nothing: what fails there can be repeated. */
const found = async (addressesOf: Lookup, message: Message): Promise<string[] | Outcome> => {
  try {
    const to = await addressesOf(message)
    return to.length > 0 ? to : { refused: 'the receiver has no e-mail address' }
  } catch (error) {
    if (isCode(error, 'not_found')) return { refused: 'there is no such receiver' }
    return { later: 'the address of the receiver cannot be read now' }
  }
}

/** Mails by SES; `addressesOf` looks up where a message goes. */
export const byMail = (sender: string | undefined, addressesOf: Lookup) => {
  let connection: ReturnType<typeof connect> | undefined
  return async (message: Message): Promise<Outcome> => {
    if (!sender) return { refused: 'the setting MESSAGING names no sender' }
    const to = await found(addressesOf, message)
    if (!Array.isArray(to)) return to
    try {
      connection ??= connect(sender)
      return { sent: await (await connection)({ to, subject: message.title, text: message.text }) }
    } catch (error) {
      return outcomeOf(error as Failure)
    }
  }
}

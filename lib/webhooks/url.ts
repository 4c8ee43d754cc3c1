// A name with a dot whose last part is a word: no address of whatever form, and no name of the own network without a dot.
const PUBLIC_NAME = /^([a-z0-9_-]+\.)+[a-z][a-z0-9-]*$/

const isPublicName = ({ protocol, hostname }: URL) => protocol === 'https:' && PUBLIC_NAME.test(hostname)
const isLoopback = ({ protocol, hostname }: URL) => protocol === 'http:' && hostname === '127.0.0.1'

/** What is wrong with the address of an endpoint; undefined: nothing. Where its name leads is checked with each call. */
export const problemOfUrl = (text: string, loopback: boolean): string | undefined => {
  const url = URL.parse(text)
  if (!url) return 'must be an address like https://example.com/cosell'
  if (url.username || url.password) return 'must hold no user and no password: check the signature of what comes'
  if (url.hash) return 'must hold nothing behind a #: that is never sent'
  if (isPublicName(url) || (loopback && isLoopback(url))) return undefined
  return 'must be an https address with the public name of a host, like https://example.com/cosell'
}

import type { AzureOffer } from '../offer.ts'
import { callOf } from '../submission.ts'

const MAX = 128

// Latin letters that do not decompose into a plain letter and a mark.
const LETTERS: Record<string, string> = { ß: 'ss', æ: 'ae', Æ: 'AE', ø: 'o', Ø: 'O', ð: 'd', Ð: 'D', þ: 'th', Þ: 'Th' }

// What a name may not hold: these signs, control characters and everything from U+007E to U+00FF (so no ü, but Japanese is fine).
const FORBIDDEN = /[!<>^[\]@#%\p{Cc}\u007e-\u00ff]/gu

const plain = (letter: string) => LETTERS[letter] ?? letter.normalize('NFKD').replace(/\p{M}/gu, '')

/** The text as the marketplace takes it in names: "Müller & Söhne, 50% off" → "Muller & Sohne, 50 off". */
export const cleaned = (text: string) =>
  text
    .normalize('NFC')
    .replace(/[\u00a0-\u00ff]/g, plain)
    .replaceAll('/', '-')
    .replace(/\s/g, ' ')
    .replace(FORBIDDEN, '')
    .replace(/ +/g, ' ')
    .trim()

/** The name by which a lost offer is found again: Microsoft knows no idempotency key, so ours is part of the name. */
export const uniqueName = (offer: AzureOffer) => {
  const key = ` (${offer.id} ${callOf(offer).attempt})`
  const name = cleaned(offer.name)
    .slice(0, MAX - key.length)
    .replace(/[\ud800-\udbff]$/, '')
  return `${name.trim()}${key}`
}

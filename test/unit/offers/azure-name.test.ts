import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleaned, uniqueName } from '../../../lib/offers/azure/name.ts'
import { azureOffer, sending } from './azure-offer.ts'

// The rule as the marketplace's schema has it, character by character.
const isTaken = (name: string) =>
  [...name].every((sign) => {
    const code = sign.charCodeAt(0)
    return !'!<>^[]@#%/'.includes(sign) && code >= 0x20 && !(code >= 0x7e && code <= 0xff)
  })

describe('the name of an offer on Azure', () => {
  it.each([
    ['Müller & Söhne GmbH, 50% off', 'Muller & Sohne GmbH, 50 off'],
    ['Mu\u0308ller', 'Muller'],
    ['Straße Ærø Þór', 'Strasse AEro Thor'],
    ['West/East', 'West-East'],
    ['a~b [c] <d> #1 @x!', 'ab c d 1 x'],
    ['one\ttwo\n three', 'one two three'],
    ['富士がぎ', '富士がぎ'],
    ['°§¶', ''],
  ])('takes %j as %j', (text, name) => {
    expect(cleaned(text)).toBe(name)
  })

  it.each([
    ['nothing was sent', azureOffer(), 'Fabrikam 12m (off_1 1)'],
    ['the first call is open', sending('create'), 'Fabrikam 12m (off_1 1)'],
    [
      'a second call comes next',
      azureOffer({ submission: { kind: 'create', attempt: 1, startedAt: '', open: false } }),
      'Fabrikam 12m (off_1 2)',
    ],
    [
      'the second call was the last',
      azureOffer({ status: 'released', externalId: 'x', submission: { kind: 'create', attempt: 2, startedAt: '', open: false } }),
      'Fabrikam 12m (off_1 2)',
    ],
  ])('tells the offer and the attempt when %s', (_, offer, name) => {
    expect(uniqueName(offer)).toBe(name)
  })

  it('has at most 128 characters, all of them taken, and ends with the key', () => {
    const text = fc.string({ unit: 'binary', maxLength: 160 })
    fc.assert(
      fc.property(text, (name) => {
        const unique = uniqueName(azureOffer({ name }))
        expect(unique.length).toBeLessThanOrEqual(128)
        expect(isTaken(unique)).toBe(true)
        expect(unique.isWellFormed()).toBe(true)
        expect(unique.endsWith(' (off_1 1)')).toBe(true)
      }),
    )
  })

  it('cuts no character in two', () => {
    expect(uniqueName(azureOffer({ name: `${'x'.repeat(117)}😀` })).isWellFormed()).toBe(true)
  })
})

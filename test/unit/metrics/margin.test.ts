import { expect, test } from 'vitest'
import { marginUnits } from '../../../lib/metrics/margin.ts'

test.each([
  ['0.8000', 8000],
  ['0.8', 8000],
  ['0.0001', 1],
  ['1', 10_000],
  ['1.25', 12_500],
])('a margin of %s is %i ten-thousandths', (text, units) => {
  expect(marginUnits(text)).toBe(units)
})

test.each(['', '80%', '0.12345', '.8', '10', '0.', '-0.8', '0.8x'])('a margin of "%s" is refused', (text) => {
  expect(() => marginUnits(text)).toThrow(`the gross margin ${text} is no decimal with at most 4 places, like 0.8000`)
})

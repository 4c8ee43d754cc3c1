import { expect, it } from 'vitest'
import { STYLE } from '../../../lib/report/style.ts'

type Colors = Record<string, string>

/** The colours of a theme as the style sheet gives them. */
const themes = [...STYLE.matchAll(/:root\{([^}]*#[^}]*)\}/g)].map(
  ([, rules = '']): Colors =>
    Object.fromEntries([...rules.matchAll(/--(\w+):(#[\da-f]+)/g)].map(([, name, color]) => [name, color])),
)

/** Relative luminance by WCAG 2.2. */
const luminance = (color = '') => {
  const digits = color.length === 4 ? [...color.slice(1)].map((digit) => digit + digit) : (color.slice(1).match(/../g) ?? [])
  const [red = 0, green = 0, blue = 0] = digits.map((pair) => {
    const share = Number.parseInt(pair, 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
const contrast = (a: string | undefined, b: string | undefined) => {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

it('has a light and a dark theme', () => {
  expect(themes.map((colors) => [contrast(colors['paper'], '#fff') < 2, Object.keys(colors).length])).toEqual([
    [true, 9],
    [false, 9],
  ])
})
it.each(['ink', 'quiet', 'link'])('writes in %s with a contrast of 4.5 on paper and on cards', (name) => {
  for (const colors of themes)
    for (const ground of ['paper', 'card']) expect(contrast(colors[name], colors[ground])).toBeGreaterThanOrEqual(4.5)
})
it.each(['c0', 'c1', 'c2', 'quiet'])('draws in %s with a contrast of 3 on paper', (name) => {
  for (const colors of themes) expect(contrast(colors[name], colors['paper'])).toBeGreaterThanOrEqual(3)
})

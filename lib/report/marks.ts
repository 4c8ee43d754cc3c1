import { LINE_HEIGHT, px, widthOf } from './axes.ts'
import { type Markup, markup } from './markup.ts'

const SIZE = 4

/** A point's shape tells its series where its colour does not. */
export const marker = (series: number, x: number, y: number): Markup => {
  const [left, right, top, bottom] = [px(x - SIZE), px(x + SIZE), px(y - SIZE), px(y + SIZE)]
  const color = `mark c${series}`
  if (series === 0) return markup`<circle class="${color}" cx="${px(x)}" cy="${px(y)}" r="${SIZE}"/>`
  if (series === 1) return markup`<path class="${color}" d="M${left} ${top}H${right}V${bottom}H${left}Z"/>`
  return markup`<path class="${color}" d="M${px(x)} ${top}L${right} ${bottom}H${left}Z"/>`
}

/** A part of a column, or a bar: each series has a pattern of its own. */
export const box = (series: number, x: number, y: number, width: number, height: number): Markup =>
  markup`<rect class="box b${series}" x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}"/>`

/** The patterns of boxes, for a hidden drawing at the head of the page. */
export const patterns: Markup = markup`<svg class="defs" aria-hidden="true" focusable="false" width="0" height="0"><defs>
<pattern id="fill1" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect class="c1" width="6" height="6"/><rect class="gap" width="2" height="6"/></pattern>
<pattern id="fill2" width="5" height="5" patternUnits="userSpaceOnUse">
<rect class="gap" width="5" height="5"/><circle class="c2" cx="2.5" cy="2.5" r="1.5"/></pattern>
</defs></svg>`

/** Names with what stands for them, from left to right. */
export const legend = (names: string[], swatch: (series: number, x: number, y: number) => Markup, left: number): Markup => {
  let x = left
  const entries = names.map((name, series) => {
    const at = x
    x += widthOf(name) + 40
    return markup`${swatch(series, at, 4)}<text x="${at + 22}" y="14">${name}</text>`
  })
  return markup`${entries}`
}

export type Label = { series: number; name: string; y: number }

/** Moves labels apart so that none covers another, and all stay above `bottom`. */
export const apart = (labels: Label[], top: number, bottom: number): Label[] => {
  const sorted = labels.toSorted((a, b) => a.y - b.y)
  let above = top - LINE_HEIGHT
  const down = sorted.map((label) => {
    above = Math.max(label.y, above + LINE_HEIGHT)
    return { ...label, y: above }
  })
  let below = bottom + LINE_HEIGHT
  return down
    .toReversed()
    .map((label) => {
      below = Math.min(label.y, below - LINE_HEIGHT)
      return { ...label, y: below }
    })
    .toReversed()
}

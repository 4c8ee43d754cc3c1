/** Places the numbers between the outermost ticks on a straight range: whatever lies between those lies in the range. */
export type Scale = { at: (value: number) => number; ticks: number[] }

// Steps like 0.1 are no binary fractions: 3 × 0.1 would be labelled 0.30000000000000004.
const clean = (value: number) => Number(value.toPrecision(12))

/** The least of 1, 2, 5 × 10ⁿ that is not below. */
const niceStep = (least: number) => {
  const power = 10 ** Math.floor(Math.log10(least))
  return clean(power * ([1, 2, 5].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10))
}

/** The least and the greatest, with some room around them where a label could not tell one from the other. */
const boundsOf = (values: readonly number[]): [number, number] => {
  if (values.length === 0) return [0, 1]
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const size = Math.max(Math.abs(low), Math.abs(high))
  const room = high - low > size / 1e6 ? 0 : size / 20 || 1
  return [low - room, high + room]
}

/** A scale that holds all values, with about `count` steps between round ticks. */
export const scaleOf = (values: readonly number[], [from, to]: readonly [number, number], count = 4): Scale => {
  const [low, high] = boundsOf(values)
  const step = niceStep((high - low) / count)
  const first = Math.floor(clean(low / step))
  const last = Math.max(Math.ceil(clean(high / step)), first + 1)
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => clean((first + index) * step))
  return { ticks, at: (value) => from + ((value / step - first) / (last - first)) * (to - from) }
}

/** Equal bands side by side: the middle of each, and how wide one is. */
export const bandsOf = (count: number, [from, to]: readonly [number, number]) => {
  const width = (to - from) / Math.max(count, 1)
  return { width, middle: (index: number) => from + (index + 0.5) * width }
}

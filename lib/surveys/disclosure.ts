/** A partner with its respondents, in a group. */
export type Unit = { id: string; group: string; size: number }

/** What may be told: the figure of all, those of groups, those of units. */
export type Disclosed = { all: boolean; groups: Set<string>; units: Set<string> }

type Sized = { id: string; size: number }

const largestFirst = (a: Sized, b: Sized) => b.size - a.size || (a.id < b.id ? -1 : 1)

/** Those that can be taken out of a figure that is told without leaving a rest that is too small; and the rest. */
const takenFrom = (parts: Sized[], whole: number, least: number): { told: Set<string>; rest: number } => {
  const told = new Set<string>()
  let rest = whole
  for (const { id, size } of parts.toSorted(largestFirst)) {
    if (size < least || (rest !== size && rest - size < least)) continue
    told.add(id)
    rest -= size
  }
  return { told, rest }
}

const total = (parts: { size: number }[]) => parts.reduce((sum, { size }) => sum + size, 0)

/**
 * Which figures can be told so that no difference of them is of fewer than `least` respondents: all first, then groups, then
 * units, the largest first. Figures lie within each other, so what can be computed from them are sums of a figure less those that
 * lie directly within it; each of these rests is nobody or at least `least` (complementary suppression).
 */
export const disclosed = (units: Unit[], least: number): Disclosed => {
  const byGroup = Map.groupBy(units, ({ group }) => group)
  const groups = [...byGroup].map(([id, members]) => ({ id, size: total(members) }))
  const whole = total(units)
  if (whole < least) return { all: false, groups: new Set(), units: new Set() }
  const { told, rest } = takenFrom(groups, whole, least)
  const apart = [...told].flatMap((group) => {
    const members = byGroup.get(group) ?? []
    return [...takenFrom(members, total(members), least).told]
  })
  const others = units.filter(({ group }) => !told.has(group))
  return { all: true, groups: told, units: new Set([...apart, ...takenFrom(others, rest, least).told]) }
}

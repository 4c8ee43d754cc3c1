/** A margin like 0.8000 in ten-thousandths. */
export const marginUnits = (text: string): number => {
  const [, whole, places = ''] = /^(\d)(?:\.(\d{1,4}))?$/.exec(text) ?? []
  if (whole === undefined) throw new Error(`the gross margin ${text} is no decimal with at most 4 places, like 0.8000`)
  return Number(whole) * 10_000 + Number(places.padEnd(4, '0'))
}

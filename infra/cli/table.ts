export type Table = { title: string; head: string[]; rows: string[][] }

/** A table for people: the first column to the left, numbers to the right. */
export const render = ({ title, head, rows }: Table): string => {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: string[]) =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')
  return [title, line(head), ...rows.map(line), ''].join('\n')
}

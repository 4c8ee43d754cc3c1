export type Terminal = NodeJS.WritableStream & { isTTY?: boolean }

const WIDTH = 30
const REDRAW_MS = 100
const LINE_MS = 1000

const number = (value: number) => Math.round(value).toLocaleString('en')

/** How far it is: as a bar where `bar` says so. */
const progressText = (done: number, total: number, elapsedMs: number, bar: boolean, unit: string): string => {
  const share = total === 0 ? 1 : done / total
  const filled = Math.floor(share * WIDTH)
  const drawn = bar ? `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ` : ''
  const rate = elapsedMs > 0 ? (done / elapsedMs) * 1000 : 0
  return `${drawn}${Math.floor(share * 100)} % · ${number(done)} of ${number(total)} ${unit} · ${number(rate)}/s`
}

/** Shows how far it is: a bar that is drawn again on a terminal, a line a second elsewhere. */
export const openProgress = (stream: Terminal, total: number, now: () => number = Date.now, unit = 'events') => {
  const bar = stream.isTTY === true
  const startedAt = now()
  let [done, shownAt] = [0, startedAt]
  const show = () => {
    shownAt = now()
    const text = progressText(done, total, shownAt - startedAt, bar, unit)
    stream.write(bar ? `\r${text}\u001b[K` : `${text}\n`)
  }
  return {
    add: (count: number) => {
      done += count
      if (now() - shownAt >= (bar ? REDRAW_MS : LINE_MS)) show()
    },
    end: () => {
      show()
      if (bar) stream.write('\n')
    },
  }
}
export type Progress = ReturnType<typeof openProgress>

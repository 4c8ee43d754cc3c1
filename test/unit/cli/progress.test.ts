import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { openProgress } from '../../../infra/cli/progress.ts'

/** Adds 100 of 1,000 events every 300 ms and returns all that is written. */
const written = (isTTY: boolean) => {
  let [text, now] = ['', 0]
  const sink = new Writable({
    write: (chunk, _, done) => {
      text += chunk
      done()
    },
  })
  const progress = openProgress(Object.assign(sink, { isTTY }), 1000, () => now)
  for (let step = 1; step <= 10; step++) {
    now += 300
    progress.add(100)
  }
  progress.end()
  return text
}

describe('the progress of a command', () => {
  it('is one bar on a terminal, drawn again and again', () => {
    const text = written(true)
    expect(text.split('\r')).toHaveLength(12)
    expect(text).toContain(`\r${'█'.repeat(15)}${'░'.repeat(15)} 50 % · 500 of 1,000 events · 333/s`)
    expect(text.endsWith('\n')).toBe(true)
  })
  it('is a line a second elsewhere, and one at the end', () => {
    expect(written(false).split('\n')).toEqual([
      '40 % · 400 of 1,000 events · 333/s',
      '80 % · 800 of 1,000 events · 333/s',
      '100 % · 1,000 of 1,000 events · 333/s',
      '',
    ])
  })
})

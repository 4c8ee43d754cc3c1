import { appendFile, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { linesOf } from './events-file.ts'

const MAX_HELD = 32_000_000

/** Values on disk by name, in the order in which they came; few of them are in memory at any time. */
export const openSpool = async <Value>(folder: string) => {
  await mkdir(folder, { recursive: true })
  const held = new Map<string, string[]>()
  const names = new Set<string>()
  let size = 0

  const flush = async () => {
    for (const [name, lines] of held) await appendFile(join(folder, name), lines.join(''))
    held.clear()
    size = 0
  }

  return {
    add: async (name: string, value: Value) => {
      const line = `${JSON.stringify(value)}\n`
      const lines = held.get(name) ?? []
      lines.push(line)
      held.set(name, lines)
      names.add(name)
      size += line.length
      if (size > MAX_HELD) await flush()
    },

    names: () => [...names].sort(),

    /** The values of a name, some at a time; they are gone from the disk afterwards. */
    take: async function* (name: string): AsyncGenerator<Value[]> {
      await flush()
      for await (const lines of linesOf(join(folder, name)))
        yield lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Value)
      await rm(join(folder, name))
    },

    remove: () => rm(folder, { recursive: true }),
  }
}
export type Spool<Value> = Awaited<ReturnType<typeof openSpool<Value>>>

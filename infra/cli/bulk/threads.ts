import { Worker } from 'node:worker_threads'
import type { Plan, Share } from './share.ts'
import { buffersIn } from './spill.ts'
import type { Answer, Failure } from './thread.ts'

/** The share of a thread: the same functions, answered later, one after the other. */
export type Remote = {
  [Name in keyof Share]: (...args: Parameters<Share[Name]>) => Promise<Awaited<ReturnType<Share[Name]>>>
}
export type Thread = Remote & { close: () => Promise<void> }

/** The same error on this side: whoever knows it by its name, its code or its details finds them. */
const failure = ({ name, message, ...more }: Failure): Error => Object.assign(new Error(message), { name, ...more })

const openThread = (plan: Plan, thread: number): Thread => {
  const worker = new Worker(new URL('./start.js', import.meta.url), {
    workerData: { plan, thread },
    // Facts live only for a moment: with room for many of them hardly any is moved.
    resourceLimits: { maxYoungGenerationSizeMb: 16 },
  })
  // Answers come in the order of the calls.
  const waiting: { resolve: (value: never) => void; reject: (error: unknown) => void }[] = []
  worker.on('error', (error) => {
    for (const { reject } of waiting.splice(0)) reject(error)
  })
  worker.on('message', (answer: Answer) => {
    const asked = waiting.shift()
    if ('error' in answer) asked?.reject(failure(answer.error))
    else asked?.resolve(answer.value as never)
  })
  const call = (name: keyof Share, args: unknown[], moved: ArrayBuffer[] = []) =>
    new Promise<never>((resolve, reject) => {
      waiting.push({ resolve, reject })
      worker.postMessage({ name, args }, moved)
    })
  return {
    read: (part) => call('read', [part], 'bytes' in part ? [part.bytes.buffer] : []),
    end: (...args) => call('end', args),
    match: (mine, corrected) => call('match', [mine, corrected], buffersIn(mine.flat().flatMap(({ records }) => records))),
    sum: (...args) => call('sum', args),
    close: async () => void (await worker.terminate()),
  }
}

const inThisThread = async (plan: Plan): Promise<Thread> => {
  const { openShare } = await import('./share.ts')
  const share = openShare(plan, 0)
  return {
    read: share.read,
    end: async () => share.end(),
    match: async (...args) => share.match(...args),
    sum: async (...args) => share.sum(...args),
    close: async () => {},
  }
}

/** So many threads; a single share needs none of its own. */
export const openThreads = async (plan: Plan, count: number): Promise<Thread[]> =>
  count === 1 ? [await inThisThread(plan)] : Array.from({ length: count }, (_, thread) => openThread(plan, thread))

/** Works on all items, some at the same time. After a failure none is begun any more, and all that were are waited for. */
export const inParallel = async <T>(
  items: Iterable<T> | AsyncIterable<T>,
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> => {
  const shared = (async function* () {
    yield* items
  })()
  const worker = async () => {
    for await (const item of shared) await work(item)
  }
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, worker))
  for (const each of ended) if (each.status === 'rejected') throw each.reason
}

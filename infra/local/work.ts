export type Poller = { name: string; poll: () => Promise<number> }

const IDLE_MS = 40

/**
 * Lets all pollers work side by side, round after round. `settle` waits for a round that found nothing to do anywhere and began after
 * the call; a clock that stands still makes that the end of all consequences.
 */
export const startWork = (pollers: readonly Poller[], onError: (name: string, error: unknown) => void) => {
  let running = true
  let waiting: (() => void)[] = []

  const pollOne = ({ name, poll }: Poller) =>
    poll().catch((error: unknown) => {
      onError(name, error)
      return 0
    })

  const round = async () => {
    const told = waiting
    waiting = []
    const counts = await Promise.all(pollers.map(pollOne))
    const did = counts.some((count) => count > 0)
    if (did) waiting = [...told, ...waiting]
    else for (const done of told) done()
    return did
  }

  const loop = async () => {
    while (running) if (!(await round()) && waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, IDLE_MS))
  }
  const ended = loop()

  return {
    settle: () => new Promise<void>((resolve) => waiting.push(resolve)),
    stop: () => {
      running = false
      return ended
    },
  }
}

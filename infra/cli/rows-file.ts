import { addEvent, knownAt, type Rows } from '../../lib/metrics/batch.ts'
import { type Output, writeAll } from './command.ts'
import { readEvents } from './events-file.ts'

type Source = { from: string; skipBad: boolean; asOf?: string | undefined }

/** The facts in a file of events by row, and how many lines are bad. Those are told; they leave no rows unless they are to be skipped. */
export const readRows = async ({ from, skipBad, asOf }: Source, { stderr }: Output): Promise<{ rows?: Rows; bad: number }> => {
  const rows: Rows = new Map()
  const known = knownAt(asOf)
  let bad = 0
  for await (const { events, problems } of readEvents(from)) {
    for (const event of events) if (known(event)) addEvent(rows, event)
    for (const problem of problems) stderr.write(`${problem}\n`)
    bad += problems.length
  }
  if (bad === 0 || skipBad) return { rows, bad }
  await writeAll(stderr, 'Nothing is computed: mend these lines, or leave them out with --skip-bad.\n')
  return { bad }
}

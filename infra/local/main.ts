import { Console } from 'node:console'
import { createWriteStream, existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { addMonths, monthIndex, monthText } from '../../lib/core/period.ts'
import { demonstrate } from './demo.ts'
import { STORY_MONTHS } from './story/play.ts'
import { startTwin } from './twin.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8787' },
    data: { type: 'string', default: '.cosell' },
    'no-demo': { type: 'boolean', default: false },
    'start-at': { type: 'string' },
  },
})

const say = (line: string) => process.stdout.write(`${line}\n`)

const data = resolve(values.data)
const isNew = !existsSync(join(data, 'dynamodb.db'))
mkdirSync(data, { recursive: true })
// What the handlers log goes where a person would look for it and does not fill the screen.
const logFile = createWriteStream(join(data, 'cosell.log'), { flags: 'a' })
globalThis.console = new Console({ stdout: logFile, stderr: logFile })

const demo = isNew && !values['no-demo']
const today = new Date().toISOString()
const storyStart = addMonths(`${monthText(monthIndex(today))}-01`, -STORY_MONTHS)
const startAt = demo ? `${storyStart}T00:00:00Z` : values['start-at']

const twin = await startTwin({ port: Number(values.port), data, startAt }).catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error))
  process.exit(1)
})

const end = () => {
  void twin.stop().then(() => process.exit(0))
}
process.on('SIGINT', end)
process.on('SIGTERM', end)

if (demo) await demonstrate(twin, storyStart, today, say)
say(`Cosell is ready at ${twin.url}`)
if (!demo) say(`Data: ${data} · log: ${join(data, 'cosell.log')} · stop with Ctrl-C`)

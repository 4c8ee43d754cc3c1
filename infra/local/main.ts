import { Console } from 'node:console'
import { createWriteStream, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
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
mkdirSync(data, { recursive: true })
const logFile = createWriteStream(join(data, 'cosell.log'), { flags: 'a' })
globalThis.console = new Console({ stdout: logFile, stderr: logFile })

const twin = await startTwin({ port: Number(values.port), data, startAt: values['start-at'] }).catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error))
  process.exit(1)
})

const end = () => {
  void twin.stop().then(() => process.exit(0))
}
process.on('SIGINT', end)
process.on('SIGTERM', end)

say(`Cosell is ready at ${twin.url}`)

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openClient } from '../../infra/local/client.ts'

const MAIN = new URL('../../infra/local/main.ts', import.meta.url).pathname
const READY = /Cosell is ready at (http:\S+)/

/** The twin's address, once it says that it is ready; port 0 is any free one. */
const started = (child: ChildProcess) =>
  new Promise<string>((resolve, reject) => {
    let said = ''
    const listen = (chunk: Buffer) => {
      said += String(chunk)
      const [, url] = READY.exec(said) ?? []
      if (url) resolve(url)
    }
    child.stdout?.on('data', listen)
    child.stderr?.on('data', listen)
    child.once('exit', (code) => reject(new Error(`the twin ended with ${code}: ${said}`)))
  })

const launch = async (data: string, port: string, startAt: string | undefined, env: NodeJS.ProcessEnv) => {
  const options = ['--no-demo', '--port', port, '--data', data, ...(startAt ? ['--start-at', startAt] : [])]
  const child = spawn(process.execPath, [MAIN, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await gone
  }
  return { url: await started(child), end }
}

/** A real twin in a process and a folder of its own. `startAt` is the instant that its clock begins at. */
export const startTwin = async ({ startAt, env = {} }: { startAt?: string; env?: NodeJS.ProcessEnv } = {}) => {
  const data = mkdtempSync(join(tmpdir(), 'cosell-'))
  let running = await launch(data, '0', startAt, env)
  const { url } = running
  return {
    ...openClient(url),
    data,
    /** Ends it without a chance to finish anything. */
    kill: () => running.end('SIGKILL'),
    /** Starts it again on the same data and address. */
    restart: async () => {
      await running.end('SIGTERM')
      running = await launch(data, new URL(url).port, undefined, env)
    },
    stop: async () => {
      await running.end('SIGTERM')
      rmSync(data, { recursive: true, force: true })
    },
  }
}
export type TestTwin = Awaited<ReturnType<typeof startTwin>>

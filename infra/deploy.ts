import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

// `npm run deploy -- --env <name>`: the CDK command line takes an environment as context only.
const { values, positionals } = parseArgs({ options: { env: { type: 'string' } }, allowPositionals: true, strict: false })
const context = typeof values.env === 'string' ? ['-c', `env=${values.env}`] : []
const { status } = spawnSync('cdk', ['deploy', '--all', ...context, ...positionals], { stdio: 'inherit' })
process.exitCode = status ?? 1

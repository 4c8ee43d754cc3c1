import { parseArgs } from 'node:util'
import { refuse } from './arguments.ts'
import { command, writeAll } from './command.ts'
import { grantOf, targetOf, twinToken } from './target.ts'

const HELP = `cosell token --role partner|manager|finance|platform [--partner ID] [--subject NAME] [--url URL]

Prints a token of the twin: for a partner's own people, or for the vendor's managers, finance people or machines.
  --partner ID    which partner; belongs to --role partner
  --subject NAME  who it stands for; two people must be two subjects, as nobody approves an offer of their own
  --url URL       the twin; else COSELL_URL, else http://127.0.0.1:8787
`

const OPTIONS = {
  role: { type: 'string' },
  partner: { type: 'string' },
  subject: { type: 'string' },
  url: { type: 'string' },
} as const

/** `cosell token`: prints a token of the twin, and nothing else. */
export const tokenCommand = command({
  help: HELP,
  requestOf: (args) => {
    const { role = refuse('--role is missing'), partner, subject, url } = parseArgs({ args, options: OPTIONS }).values
    return { grant: grantOf(role, partner, subject), url: targetOf({ url }).url }
  },
  run: async ({ grant, url }, { stdout }) => {
    await writeAll(stdout, `${await twinToken(url, grant)}\n`)
    return 0
  },
})

import * as z from '../lib/core/schema.ts'
import { define } from './envelope.ts'
import { Id } from './vocabulary.ts'

export const AccountOpened = define('account.opened.v1', z.object({ accountId: Id }))

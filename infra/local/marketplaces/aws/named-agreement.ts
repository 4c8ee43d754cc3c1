import * as z from 'zod'
import type { World } from '../stand-in.ts'
import { invalid, pageFor } from './agreement-search.ts'
import { AGREEMENTS, type Agreement, asTold } from './agreements.ts'
import { apiError } from './endpoint.ts'

const Named = z.object({
  agreementId: z.string().optional(),
  maxResults: z.number().default(50),
  nextToken: z.string().nullish(),
})

/** The agreement that a request names, and the paging it asks for. */
export const named = async (world: World, input: unknown) => {
  const parsed = Named.safeParse(input)
  if (!parsed.success) throw invalid('OTHER', parsed.error.issues[0]?.path.join('.') ?? 'input', 'has the wrong type')
  const { agreementId, maxResults, nextToken } = parsed.data
  if (!agreementId) throw invalid('MISSING_AGREEMENT_ID', 'agreementId', 'name the agreement')
  const agreement = await world.shelf.get<Agreement>(AGREEMENTS, agreementId)
  if (!agreement)
    throw apiError('ResourceNotFoundException', `there is no agreement ${agreementId}`, {
      resourceId: agreementId,
      resourceType: 'Agreement',
    })
  return { agreement: asTold(agreement, world.now()), page: <T>(items: T[]) => pageFor(items, maxResults, nextToken) }
}

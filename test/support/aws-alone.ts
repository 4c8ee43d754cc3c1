import { openAgreement } from '../../infra/local/marketplaces/aws/agreement.ts'
import { openCatalog } from '../../infra/local/marketplaces/aws/catalog.ts'
import { seedProducts } from '../../infra/local/marketplaces/aws/products.ts'
import { Fault } from '../../infra/local/marketplaces/faults.ts'
import { serve } from './loopback.ts'
import { testWorld } from './world.ts'

/** AWS Marketplace on a port of this machine, for real clients of this process, which repeat nothing here. */
export const openAwsAlone = async () => {
  const { world, sent, advance } = testWorld()
  const standIns = [openCatalog(world), openAgreement(world)]
  await seedProducts(world)
  const { url, close } = await serve(standIns)
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_MAX_ATTEMPTS: '1',
  })
  const pass = async (seconds: number) => {
    advance(seconds)
    for (const each of standIns) await each.tick()
  }
  const fail = (fault: Partial<Fault>) => world.faults.add(Fault.parse(fault))
  return { world, sent, pass, fail, close }
}

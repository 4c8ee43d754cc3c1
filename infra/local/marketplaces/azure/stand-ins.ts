import type { StandIn, World } from '../stand-in.ts'
import { standIn } from './api.ts'
import { fulfilment } from './fulfilment.ts'
import { ingestion } from './ingestion.ts'
import { login } from './login.ts'
import { ordering } from './ordering.ts'
import { sendPosted } from './outbox.ts'

/** Microsoft's marketplace APIs on this world; `seedAzure` must have filled its shelf. */
export const azureStandIns = (world: World): StandIn[] => {
  const saas = standIn(world, fulfilment)
  const tick = async () => {
    await saas.tick()
    await sendPosted(world)
  }
  return [standIn(world, login), standIn(world, ingestion), { ...saas, tick }, standIn(world, ordering)]
}

import type { StandIn } from '../../infra/local/marketplaces/stand-in.ts'
import { serveOutside } from '../../infra/local/outside.ts'

/** Serves stand-ins on a free port of 127.0.0.1; the first that knows a request answers it. */
export const serve = (standIns: StandIn[]) => serveOutside(standIns)

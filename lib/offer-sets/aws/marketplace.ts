import type { SetMarketplace } from '../marketplace.ts'

/** AWS Marketplace behind the port. Few functions of a day have a set to do with: the client is loaded when it is first asked. */
export const awsSetMarketplace = (): SetMarketplace => {
  let opened: SetMarketplace | undefined
  const catalog = async () => {
    opened ??= (await import('./catalog.ts')).openCatalog()
    return opened
  }
  return {
    send: async (set) => (await catalog()).send(set),
    recover: async (set) => (await catalog()).recover(set),
    observe: async (set) => (await catalog()).observe(set),
  }
}

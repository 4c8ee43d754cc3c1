import { BlockList, isIP } from 'node:net'

type Range = readonly [network: string, prefix: number]

// IANA's registries of special-purpose addresses: what is not for everybody, or for no single host.
const SPECIAL_4: Range[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]
// Of IPv6 only this is handed out for the public; mapped, translated and local addresses lie outside of it.
const UNICAST_6: Range[] = [['2000::', 3]]
// Protocols, Teredo among them, examples, and 6to4, which leads to an address of IPv4.
const SPECIAL_6: Range[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

const listOf = (ranges: Range[], family: 'ipv4' | 'ipv6') => {
  const list = new BlockList()
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, family)
  return list
}
const special4 = listOf(SPECIAL_4, 'ipv4')
const unicast6 = listOf(UNICAST_6, 'ipv6')
const special6 = listOf(SPECIAL_6, 'ipv6')

/** Whether an address, as text, is one of the public internet. What is no address is not. */
export const isPublicAddress = (address: string): boolean => {
  const family = isIP(address)
  if (family === 4) return !special4.check(address, 'ipv4')
  // A zone is only named with addresses of the own network.
  return family === 6 && !address.includes('%') && unicast6.check(address, 'ipv6') && !special6.check(address, 'ipv6')
}

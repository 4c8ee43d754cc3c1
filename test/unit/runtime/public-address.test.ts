import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPublicAddress } from '../../../lib/runtime/public-address.ts'

describe('an address', () => {
  it.each([
    ['this host', '0.0.0.0'],
    ['this host', '0.1.2.3'],
    ['a private network', '10.0.0.1'],
    ['a private network', '10.255.255.255'],
    ['a private network', '172.16.0.1'],
    ['a private network', '172.31.255.255'],
    ['a private network', '192.168.1.1'],
    ["a provider's own network", '100.64.0.1'],
    ["a provider's own network", '100.127.255.255'],
    ['the own machine', '127.0.0.1'],
    ['the own machine', '127.255.255.254'],
    ['metadata', '169.254.169.254'],
    ["a task's credentials", '169.254.170.2'],
    ['protocols', '192.0.0.1'],
    ['examples', '192.0.2.1'],
    ['examples', '198.51.100.1'],
    ['examples', '203.0.113.1'],
    ['relays of 6to4', '192.88.99.1'],
    ['benchmarks', '198.18.0.1'],
    ['benchmarks', '198.19.255.255'],
    ['multicast', '224.0.0.1'],
    ['multicast', '239.255.255.255'],
    ['nobody', '240.0.0.1'],
    ['everybody', '255.255.255.255'],
    ['this host', '::'],
    ['the own machine', '::1'],
    ['a mapped own machine', '::ffff:127.0.0.1'],
    ['a mapped own machine', '::ffff:7f00:1'],
    ['mapped metadata', '::ffff:169.254.169.254'],
    ['a mapped public one', '::ffff:8.8.8.8'],
    ['a compatible one', '::127.0.0.1'],
    ['a translated one', '64:ff9b::a9fe:a9fe'],
    ['a translated one', '64:ff9b:1::1'],
    ['nothing', '100::1'],
    ['Teredo', '2001::1'],
    ['benchmarks', '2001:2::1'],
    ['hashes', '2001:20::1'],
    ['examples', '2001:db8::1'],
    ['6to4 of metadata', '2002:a9fe:a9fe::1'],
    ['examples', '3fff::1'],
    ['segments', '5f00::1'],
    ['a private network', 'fc00::1'],
    ['metadata', 'fd00:ec2::254'],
    ['a link', 'fe80::1'],
    ['a link by its zone', 'fe80::1%eth0'],
    ['a zone', '2a00:1450:4001::1%eth0'],
    ['a site', 'fec0::1'],
    ['multicast', 'ff02::1'],
    ['a number', '2130706433'],
    ['an octal number', '0177.0.0.1'],
    ['a short form', '127.1'],
    ['a name', 'localhost'],
    ['nothing at all', ''],
  ])('of %s is not public: %s', (_, address) => expect(isPublicAddress(address)).toBe(false))

  it.each(['8.8.8.8', '1.1.1.1', '9.255.255.255', '11.0.0.1', '100.63.255.255', '100.128.0.1', '126.255.255.255', '128.0.0.1'])(
    '%s is public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  )
  it.each([
    '169.253.255.255',
    '169.255.0.1',
    '172.15.255.255',
    '172.32.0.1',
    '192.167.255.255',
    '192.169.0.1',
    '223.255.255.255',
  ])('%s beside a range is public', (address) => expect(isPublicAddress(address)).toBe(true))
  it.each(['2a00:1450:4001:81b::200e', '2606:4700:4700::1111', '2001:4860:4860::8888', '2003::1', '3ffe::1'])(
    '%s is public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  )

  const octets = fc.array(fc.nat(255), { minLength: 4, maxLength: 4 })

  it('of version 4 in any form of version 6 is never public', () => {
    fc.assert(
      fc.property(octets, fc.constantFrom('::ffff:', '::', '64:ff9b::', '::ffff:0:'), ([a, b, c, d], prefix) => {
        expect(isPublicAddress(`${prefix}${a}.${b}.${c}.${d}`)).toBe(false)
      }),
    )
  })

  it('in any private network is never public', () => {
    const inside = fc.oneof(
      octets.map(([, b, c, d]) => `10.${b}.${c}.${d}`),
      octets.map(([, , c, d]) => `169.254.${c}.${d}`),
      octets.map(([, b = 0, c, d]) => `172.${16 + (b % 16)}.${c}.${d}`),
      octets.map(([, , c, d]) => `192.168.${c}.${d}`),
      octets.map(([a = 0, b, c, d]) => `${224 + (a % 32)}.${b}.${c}.${d}`),
      fc.tuple(fc.integer({ min: 0xfc00, max: 0xffff }), fc.nat(0xffff)).map(([a, b]) => `${a.toString(16)}::${b.toString(16)}`),
    )
    fc.assert(fc.property(inside, (address) => !isPublicAddress(address)))
  })
})

import { BlockList, isIP } from 'node:net'

/**
 * Addresses that are not of the public internet: IPv4 networks and the bits of their prefix. This host, private, shared by a provider's
 * customers, loopback, link-local, protocol assignments, benchmarks, multicast, reserved (RFC 6890).
 */
const networks4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

/** The same of IPv6: unspecified and loopback, unique local, link-local, site-local, multicast. */
const networks6: readonly (readonly [string, number])[] = [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
]

const inner = new BlockList()
for (const [network, prefix] of networks4) {
  // It finds an IPv4 address that is written as IPv6 (`::ffff:127.0.0.1`) too. NAT64 has another way to write one.
  inner.addSubnet(network, prefix, 'ipv4')
  inner.addSubnet(`64:ff9b::${network}`, 96 + prefix, 'ipv6')
}
for (const [network, prefix] of networks6) inner.addSubnet(network, prefix, 'ipv6')

/** Whether an IP address is loopback, link-local, private or else no address of the public internet. A text that is none is not. */
export function isPrivateAddress(address: string): boolean {
  const version = isIP(address)
  return version !== 0 && inner.check(address, version === 4 ? 'ipv4' : 'ipv6')
}

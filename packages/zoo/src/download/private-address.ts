import { BlockList, isIP } from 'node:net'

/**
 * IPv4 networks that are not part of the public internet, and the bits of their prefixes: this host, private, shared by the customers of a
 * provider, loopback, link-local, protocol assignments, benchmarks, multicast, reserved (RFC 6890).
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

/** The same for IPv6: unspecified and loopback, unique local, link-local, site-local, multicast. */
const networks6: readonly (readonly [string, number])[] = [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
]

const inner = new BlockList()
for (const [network, prefix] of networks4) {
  // This also matches an IPv4 address that is written as IPv6, `::ffff:127.0.0.1`. NAT64 writes it in another way.
  inner.addSubnet(network, prefix, 'ipv4')
  inner.addSubnet(`64:ff9b::${network}`, 96 + prefix, 'ipv6')
}
for (const [network, prefix] of networks6) inner.addSubnet(network, prefix, 'ipv6')

/** Whether a text is an IP address that is not part of the public internet: loopback, link-local, private and the like. */
export function isPrivateAddress(address: string): boolean {
  const version = isIP(address)
  return version !== 0 && inner.check(address, version === 4 ? 'ipv4' : 'ipv6')
}

import { lookup } from 'node:dns/promises'
import { abortable, MobileNetV2Error } from '@mobilenetv2/spec'
import { isPrivateAddress } from './private-address.js'

/** Most redirects that are followed. Browsers follow as many. */
const mostRedirects = 20

const redirectStatuses = [301, 302, 303, 307, 308]

/** Finds the IP addresses of a host; none if the name is not known. */
export type FindAddresses = (host: string) => Promise<readonly string[]>

const usualAddresses: FindAddresses = async (host) => {
  const found = await lookup(host, { all: true }).catch(() => [])
  return found.map(({ address }) => address)
}

function refuse(from: URL, to: string, why: string, remedy: string): never {
  throw new MobileNetV2Error('SOURCE', 'A redirect is not followed.', {
    where: from.href.slice(0, 200),
    got: `a redirect to ${to.slice(0, 200)}, ${why}`,
    remedy,
  })
}

/**
 * Makes a `fetch` that follows redirects itself: at most 20, and to http and https only. After a public address it follows no
 * redirect to a private one, so that users of a server that reads their URLs cannot lead it into its own network. Names are looked
 * up only if there is a redirect. A name that is not found counts as public: behind a proxy, the proxy may know it.
 */
export function guardRedirects(
  fetch: typeof globalThis.fetch,
  addressesOf: FindAddresses = usualAddresses,
): typeof globalThis.fetch {
  return async (input, init) => {
    // The signal ends the look-up too: a name server may never answer.
    const addressesIn = ({ hostname }: URL): Promise<readonly string[]> =>
      abortable(addressesOf(hostname.replace(/^\[|\]$/g, '')), init?.signal ?? undefined)
    let url = new URL(String(input))
    let wasPublic = false
    for (let redirects = 0; ; redirects++) {
      const response = await fetch(url, { ...init, redirect: 'manual' })
      const location = response.headers.get('location')
      if (!redirectStatuses.includes(response.status) || location === null) return response
      response.body?.cancel().catch(() => undefined)
      const from = url
      if (redirects === mostRedirects)
        refuse(from, location, `after ${mostRedirects} others`, 'Give the address of the file itself.')
      if (!URL.canParse(location, from)) refuse(from, location, 'which is not an address', 'Give the address of the file itself.')
      url = new URL(location, from)
      if (!/^https?:$/.test(url.protocol))
        refuse(from, location, 'which is neither http nor https', 'Give the address of the file itself.')
      const earlier = await addressesIn(from)
      wasPublic ||= !(earlier.length > 0 && earlier.every(isPrivateAddress))
      if (wasPublic && (await addressesIn(url)).some(isPrivateAddress)) {
        refuse(
          from,
          url.href,
          'from a public address to a private one',
          'If you trust the private address, give that address itself. Or use your own fetch: load and readNetwork have the option fetch, and a picture can be given as a Response.',
        )
      }
    }
  }
}

import { MobileNetV2Error, messageOf } from '@mobilenetv2/spec'

/** What the environment can name, as curl and npm read it. */
const variables = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'] as const

/** The environment's words on proxies; null if it names none. */
function proxiesOf(environment: NodeJS.ProcessEnv): string | null {
  const values = variables.map((name) => environment[name] ?? '')
  return values.slice(0, 4).every((value) => value === '') ? null : values.join('\n')
}

/** The `fetch` of the proxies that were named last. Its connections are kept for the next download. */
let last: { readonly proxies: string; readonly fetch: typeof fetch } | null = null

/**
 * `fetch` through the proxy that the environment names (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, in small letters too), else Node's own,
 * which knows no proxies. undici is what Node's is made of; it is imported only where there is a proxy.
 * @throws MobileNetV2Error `SOURCE` if there is no `fetch`, or if the environment names a proxy that is no address
 */
export async function environmentFetch(): Promise<typeof fetch> {
  const proxies = proxiesOf(process.env)
  if (proxies === null) {
    if (typeof fetch === 'function') return fetch
    throw new MobileNetV2Error('SOURCE', 'There is no fetch here, so nothing can be downloaded.', {
      got: `globalThis.fetch is ${typeof fetch}`,
      remedy: "Give the file's path or bytes, or the option fetch.",
    })
  }
  if (last?.proxies === proxies) return last.fetch
  const undici = await import('undici')
  try {
    const dispatcher = new undici.EnvHttpProxyAgent()
    // The same standard, declared twice.
    const proxied = undici.fetch as unknown as (input: Parameters<typeof fetch>[0], init: object) => Promise<Response>
    last = { proxies, fetch: (input, init) => proxied(input, { ...init, dispatcher }) }
    return last.fetch
  } catch (cause) {
    throw new MobileNetV2Error('SOURCE', 'The environment names a proxy that cannot be used.', {
      where: 'HTTP_PROXY, HTTPS_PROXY',
      expected: 'an address such as http://proxy.example:8080',
      got: messageOf(cause),
      cause,
    })
  }
}

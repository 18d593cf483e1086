import { MobileNetV2Error, messageOf } from '@mobilenetv2/spec'

/** Environment variables of proxies, which curl and npm read too. */
const variables = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'] as const

/** The values of these variables as one text; null if they name no proxy. */
function proxiesOf(environment: NodeJS.ProcessEnv): string | null {
  const values = variables.map((name) => environment[name] ?? '')
  return values.slice(0, 4).every((value) => value === '') ? null : values.join('\n')
}

/** The last `fetch`, and the proxies that it goes through. It is kept, so that the next download can use its connections. */
let last: { readonly proxies: string; readonly fetch: typeof fetch } | null = null

/**
 * `fetch` through the proxy that the environment names (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, or the same in lower case), else Node's
 * own, which ignores these variables. The package undici, from which Node's is built, is imported only if there is a proxy.
 * @throws MobileNetV2Error `SOURCE` if there is no `fetch`, or if the environment names a proxy that is not an address
 */
export async function environmentFetch(): Promise<typeof fetch> {
  const proxies = proxiesOf(process.env)
  if (proxies === null) {
    if (typeof fetch === 'function') return fetch
    throw new MobileNetV2Error('SOURCE', 'Node runs without fetch, so nothing can be downloaded.', {
      got: `globalThis.fetch is ${typeof fetch}`,
      remedy: "Give the file's path or bytes, or the option fetch.",
    })
  }
  if (last?.proxies === proxies) return last.fetch
  const undici = await import('undici')
  try {
    const dispatcher = new undici.EnvHttpProxyAgent()
    // undici's types and the global ones declare the same standard.
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

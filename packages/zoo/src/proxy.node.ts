/** Whether the environment names a proxy, as curl and npm read it. */
function namesProxy(environment: NodeJS.ProcessEnv): boolean {
  return ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].some((name) => environment[name])
}

/**
 * `fetch` through the proxy that the environment names (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`), else Node's own, which knows no
 * proxies. undici is what Node's is made of; it is imported only where there is a proxy.
 */
export async function environmentFetch(): Promise<typeof fetch> {
  if (!namesProxy(process.env)) return fetch
  const undici = await import('undici')
  const dispatcher = new undici.EnvHttpProxyAgent()
  // The same standard, declared twice.
  const proxied = undici.fetch as unknown as (input: Parameters<typeof fetch>[0], init: object) => Promise<Response>
  return (input, init) => proxied(input, { ...init, dispatcher })
}

/** What this file uses of a service worker's global scope; the DOM's types have none. */
interface Scope {
  addEventListener(type: 'install' | 'activate', listener: (event: { waitUntil(work: Promise<unknown>): void }) => void): void
  addEventListener(
    type: 'message',
    listener: (event: { readonly source: { postMessage(message: string): void }; waitUntil(work: Promise<unknown>): void }) => void,
  ): void
  addEventListener(
    type: 'fetch',
    listener: (event: { readonly request: Request; respondWith(answer: Promise<Response>): void }) => void,
  ): void
  skipWaiting(): Promise<void>
  readonly clients: { claim(): Promise<void> }
  readonly registration: { readonly scope: string }
}

/** Put in by the build: the files of the site, and a version that changes with them. */
declare const __FILES__: readonly string[]
declare const __VERSION__: string

const scope = globalThis as unknown as Scope
const cacheName = `site-${__VERSION__}`

scope.addEventListener('install', (event) => {
  // At once, so that it has the page before weights are loaded; the rest of the site is kept when the page asks for it.
  event.waitUntil(scope.skipWaiting())
})

scope.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(names.filter((name) => /^site-/.test(name) && name !== cacheName).map((name) => caches.delete(name))),
      )
      .then(() => scope.clients.claim()),
  )
})

scope.addEventListener('message', (event) => {
  event.waitUntil(
    caches
      .open(cacheName)
      .then((cache) => cache.addAll(__FILES__))
      .then(() => event.source.postMessage('kept')),
  )
})

/** Cross-origin isolation, where the host does not send it: threads need it. */
function isolated(response: Response): Response {
  if (response.status === 0) return response
  const headers = new Headers(response.headers)
  headers.set('Cross-Origin-Opener-Policy', 'same-origin')
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp')
  headers.set('Cross-Origin-Resource-Policy', 'cross-origin')
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}

/** The page and the list of models may change between visits; what has a hash in its name, and weights, do not. */
function isLasting(url: string): boolean {
  return /\/(assets|models)\//.test(url)
}

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName)
  const kept = await cache.match(request, { ignoreSearch: true, ignoreVary: true })
  if (kept !== undefined && isLasting(request.url)) return isolated(kept)
  try {
    const response = await fetch(request)
    if (response.ok && response.status === 200) await cache.put(request, response.clone()).catch(() => {})
    return isolated(response)
  } catch (error) {
    if (kept !== undefined) return isolated(kept)
    throw error
  }
}

scope.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET' || !request.url.startsWith(scope.registration.scope)) return
  event.respondWith(answer(request))
})

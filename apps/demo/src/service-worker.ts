/** What the page is told: the whole site is kept, or there was no room for a file of it or for weights. */
export type Kept = 'kept' | 'no room'

/** What this file uses of a service worker's global scope; the DOM's types have none. */
interface Scope {
  addEventListener(type: 'install' | 'activate', listener: (event: { waitUntil(work: Promise<unknown>): void }) => void): void
  addEventListener(type: 'message', listener: (event: { waitUntil(work: Promise<unknown>): void }) => void): void
  addEventListener(
    type: 'fetch',
    listener: (event: {
      readonly request: Request
      respondWith(answer: Promise<Response>): void
      waitUntil(work: Promise<unknown>): void
    }) => void,
  ): void
  skipWaiting(): Promise<void>
  readonly clients: { claim(): Promise<void>; matchAll(): Promise<readonly { postMessage(message: Kept): void }[]> }
  readonly registration: { readonly scope: string }
}

/** Put in by the build: the files of the site, and a version that changes with them. */
declare const __FILES__: readonly string[]
declare const __VERSION__: string

const scope = globalThis as unknown as Scope
const cacheName = `site-${__VERSION__}`

scope.addEventListener('install', (event) => {
  // It takes over at once, so that it controls the page before weights are loaded. The rest of the site is kept when the page asks
  // for that.
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

async function tellPages(message: Kept): Promise<void> {
  for (const page of await scope.clients.matchAll()) page.postMessage(message)
}

/** Tells the page if there was no room, because the user can make some. After any other failure the next visit tries again. */
async function tellOfRoom(error: unknown): Promise<void> {
  if (error instanceof Error && error.name === 'QuotaExceededError') await tellPages('no room')
}

scope.addEventListener('message', (event) => {
  event.waitUntil(
    caches
      .open(cacheName)
      .then((cache) => cache.addAll(__FILES__))
      .then(() => tellPages('kept'), tellOfRoom),
  )
})

/** Adds the headers of cross-origin isolation: threads need them, and not every host sends them. */
function isolated(response: Response): Response {
  if (response.status === 0) return response
  const headers = new Headers(response.headers)
  headers.set('Cross-Origin-Opener-Policy', 'same-origin')
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp')
  headers.set('Cross-Origin-Resource-Policy', 'cross-origin')
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}

/** The page and the list of models may change between visits; weights, and files with a hash in their names, do not. */
function isLasting(url: string): boolean {
  return /\/(assets|models)\//.test(url)
}

/**
 * @param keep is given the work that goes on after the answer has begun: weights take long, and the page shows how many bytes have
 * come
 */
async function answer(request: Request, keep: (work: Promise<unknown>) => void): Promise<Response> {
  const cache = await caches.open(cacheName)
  const kept = await cache.match(request, { ignoreSearch: true, ignoreVary: true })
  if (kept !== undefined && isLasting(request.url)) return isolated(kept)
  try {
    const response = await fetch(request)
    if (response.ok && response.status === 200) keep(cache.put(request, response.clone()).catch(tellOfRoom))
    return isolated(response)
  } catch (error) {
    if (kept !== undefined) return isolated(kept)
    throw error
  }
}

scope.addEventListener('fetch', (event) => {
  const { request } = event
  const keep = (work: Promise<unknown>): void => event.waitUntil(work)
  if (request.method !== 'GET' || !request.url.startsWith(scope.registration.scope)) return
  event.respondWith(answer(request, keep))
})

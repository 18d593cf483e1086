import { load } from 'mobilenetv2'

let loading

async function classify(request) {
  try {
    loading ??= load()
    const model = await loading
    return Response.json(await model.classify(await request.blob(), { top: 3 }))
  } catch (error) {
    return Response.json({ error: error.message }, { status: 500 })
  }
}

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('fetch', (event) => {
  if (event.request.method === 'POST' && event.request.url.endsWith('/classify')) event.respondWith(classify(event.request))
})

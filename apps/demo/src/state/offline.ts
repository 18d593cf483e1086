import { type Signal, signal } from '@preact/signals'
import type { Kept } from '../service-worker.js'

/** Whether the site is kept on this machine and needs no network any more, or found no room. */
export const offline: Signal<'no' | Kept> = signal<'no' | Kept>('no')

/** Whether there is a network, as far as the browser can tell. */
export const online: Signal<boolean> = signal(navigator.onLine)
for (const change of ['online', 'offline'] as const) {
  addEventListener(change, () => {
    online.value = navigator.onLine
  })
}

/** The engine waits no longer than this for the service worker: what it loads before would not be kept. */
const patience = 1500

/** Milliseconds for the first answer, which needs the processor and the connection too. */
const afterStart = 2000

/** Asks the service worker to keep the whole site, soon. */
export function keepAll(): void {
  setTimeout(() => navigator.serviceWorker?.controller?.postMessage('keep'), afterStart)
}

/** Resolves when the service worker has the page, or will not have it soon. */
export async function keepSite(): Promise<void> {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return
  const { serviceWorker } = navigator
  serviceWorker.addEventListener('message', ({ data }: MessageEvent<Kept>) => {
    // Once it has found no room, something is missing, whatever is kept later.
    if (offline.value !== 'no room') offline.value = data
  })
  const controlled = new Promise<void>((resolve) => {
    if (serviceWorker.controller !== null) resolve()
    serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true })
  })
  // A browser that keeps nothing, in a private window for one, shows the site all the same.
  const registered = serviceWorker.register('service-worker.js').then(
    () => controlled,
    () => {},
  )
  await Promise.race([registered, new Promise((resolve) => setTimeout(resolve, patience))])
}

import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tinyModel } from './tiny-model.js'

const file = (name: string): string => readFileSync(new URL(`../dist/${name}`, import.meta.url), 'utf8')

/** The code of the page and of the service worker: it loads the model that the server has, and classifies pixels and a file. */
const answer = `
async function answer() {
  const model = await load(new URL('/model.safetensors', location), { backend: 'wasm' })
  const [pixels] = await model.classify({ data: new Uint8Array(40 * 30 * 3), width: 40, height: 30 })
  const canvas = new OffscreenCanvas(40, 30)
  canvas.getContext('2d').fillRect(0, 0, 40, 30)
  const [jpeg] = await model.classify(await canvas.convertToBlob({ type: 'image/jpeg' }))
  return { pixels: pixels.label, jpeg: jpeg.label, device: model.device }
}`

const page = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<script type="module">
import { load } from '/browser.js'
${answer}
globalThis.answer = answer
globalThis.askWorker = async () => {
  await navigator.serviceWorker.register('/service-worker.js', { type: 'module' })
  const { active } = await navigator.serviceWorker.ready
  const { port1, port2 } = new MessageChannel()
  active.postMessage('classify', [port2])
  return new Promise((resolve) => { port1.onmessage = ({ data }) => resolve(data) })
}
globalThis.isReady = true
</script>`

const serviceWorker = `
import { load } from '/browser.js'
${answer}
onmessage = (event) => event.waitUntil(
  answer().catch(String).then(async (answer) => {
    const imported = await import('/browser.js').then(() => 'import() works', () => 'import() is refused')
    event.ports[0].postMessage({ ...answer, imported })
  }),
)`

const files: Readonly<Record<string, readonly [type: string, content: string | Uint8Array]>> = {
  '/': ['text/html', page],
  '/browser.js': ['text/javascript', file('browser.js')],
  '/service-worker.js': ['text/javascript', serviceWorker],
  '/model.safetensors': ['application/octet-stream', tinyModel(['apple', 'pear', 'plum'])],
}

it('is one file, which imports nothing', () => {
  const entryPoints = [fileURLToPath(new URL('../dist/browser.js', import.meta.url))]
  const { metafile } = buildSync({ entryPoints, bundle: true, external: ['*'], format: 'esm', write: false, metafile: true })
  expect(Object.values(metafile.inputs).map(({ imports }) => imports)).toEqual([[]])
})

const skipped = Boolean(process.env.MOBILENETV2_NODE_ONLY)

describe.skipIf(skipped)(`one file in Chromium${skipped ? ' [left out: MOBILENETV2_NODE_ONLY is set]' : ''}`, () => {
  let server: Server
  let browser: Browser
  beforeAll(async () => {
    server = createServer(({ url }, response) => {
      const [type, content] = files[url ?? ''] ?? []
      response.writeHead(content === undefined ? 404 : 200, type === undefined ? {} : { 'Content-Type': type }).end(content)
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    const { MOBILENETV2_CHROME: executablePath } = process.env
    browser = await chromium.launch({ ...(executablePath && { executablePath }) })
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    server.close()
  })

  it.each([
    ['a page', 'answer', { device: expect.stringContaining('not cross-origin isolated') }],
    ['a service worker', 'askWorker', { device: expect.stringContaining('no workers'), imported: 'import() is refused' }],
  ])('answers in %s', async (_, ask, more) => {
    const context = await browser.newContext()
    const opened = await context.newPage()
    const requests: string[] = []
    context.on('request', (request) => {
      const { protocol, pathname } = new URL(request.url())
      if (protocol === 'http:') requests.push(pathname)
    })
    await opened.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await opened.waitForFunction('globalThis.isReady')
    const answered = await opened.evaluate(`${ask}()`)
    await context.close()
    expect(answered).toEqual({ pixels: 'apple', jpeg: 'apple', ...more })
    // No other script is fetched, and no file beside the model is requested.
    expect(new Set(requests.filter((path) => path !== '/'))).toEqual(
      new Set(['/browser.js', '/model.safetensors', ...(ask === 'askWorker' ? ['/service-worker.js'] : [])]),
    )
  })
})

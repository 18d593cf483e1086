import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { collectErrors, launchOptions, ready } from './site.js'

const folder = fileURLToPath(new URL('../dist/site', import.meta.url))
const types: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
  json: 'application/json',
}

/** A host that knows nothing of this site: files, and no header of its own. */
async function plainHost(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname.replace(/\/$/, '/index.html')
    const type = types[path.replace(/^.*\./, '')] ?? (path.endsWith('.svg') ? 'image/svg+xml' : 'application/octet-stream')
    await readFile(folder + path).then(
      (content) => response.writeHead(200, { 'Content-Type': type }).end(content),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

let server: Server
let browser: Browser
beforeAll(async () => {
  server = await plainHost()
  browser = await chromium.launch(launchOptions())
})
afterAll(async () => {
  await browser.close()
  server.close()
})

test('from a plain host: without threads at first, with them after a reload, and without the host in the end', async () => {
  const page = await browser.newPage()
  const errors = collectErrors(page)
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await ready(page)
  await page.getByText('trained MobileNetV2s that npm carries').waitFor()
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false)
  await page.getByText(/backends cannot run here/).click()
  await page.getByText('Reload the page once').waitFor()
  await page.getByText('works without a network').waitFor()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await page.reload()
  await ready(page)
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  await page.getByRole('button', { name: 'apple' }).click()
  await page.locator('.answers li').first().waitFor()
  await page.getByRole('link', { name: 'Look inside' }).click()
  await page.getByText(/Channels 0 to 63/).waitFor()
  // The page asks the network for what may have changed before it takes what it has.
  expect(errors.filter((error) => !/ERR_CONNECTION_REFUSED/.test(error))).toEqual([])
})

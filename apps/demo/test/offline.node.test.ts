import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { collectErrors, launchOptions, plainHost, ready } from './site.js'

let browser: Browser
beforeAll(async () => {
  browser = await chromium.launch(launchOptions())
})
afterAll(() => browser.close())

test('from a plain host: without threads at first, with them after a reload, and without the host in the end', async () => {
  const page = await browser.newPage()
  const errors = collectErrors(page)
  const { server, url } = await plainHost()
  await page.goto(url)
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

test('without room for the site: it says so, and works', async () => {
  const { server, url } = await plainHost()
  const page = await browser.newPage()
  const session = await page.context().newCDPSession(page)
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(url).origin, quotaSize: 20_000 })
  await page.goto(url)
  await page.getByText(/no storage left.*Free some in the settings of the browser and reload/).waitFor()
  await ready(page)
  await page.getByRole('button', { name: 'apple' }).click()
  await page.locator('.answers li').first().waitFor()
  await page.close()
  server.close()
})

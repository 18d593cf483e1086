import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { collectErrors, hashOf, launchOptions, plainHost, ready } from './site.js'

let browser: Browser
beforeAll(async () => {
  browser = await chromium.launch(launchOptions())
})
afterAll(() => browser.close())

test('from a plain host: without threads at first, with them after a reload, and without the host in the end', async () => {
  const page = await browser.newPage()
  const errors = collectErrors(page)
  const { server, url } = await plainHost()
  // Whether the site was built with a model or not: this one is in its scripts.
  const address = `${url}#classify?model=nsfw-1.4-224`
  await page.goto(address)
  await ready(page)
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false)
  await page.locator('.chip').click()
  await page.getByText('Reload the page once').waitFor()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByText('works offline').waitFor()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await page.reload()
  await ready(page)
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  await page.getByRole('button', { name: 'apple' }).click()
  await page.locator('.answers li').first().waitFor()
  await page.getByRole('link', { name: 'Why it works' }).click()
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.context().setOffline(true)
  await page.getByText('You are offline now').waitFor()
  await page.locator('.chip').click()
  await page.getByLabel('Search the models').fill('0.35 96 keras')
  await page.locator('.model-list button').click()
  await expect
    .poll(() => page.locator('.notice').textContent(), { timeout: 60_000 })
    .toMatch(/You are offline, and this browser has not kept this model/)
  // The page asks the network for what may have changed before it takes what it has.
  expect(errors.filter((error) => !/ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED|Failed to load resource/.test(error))).toEqual(
    [],
  )
})

test('without room for the site: it says so, and works', async () => {
  const { server, url } = await plainHost()
  const page = await browser.newPage()
  const session = await page.context().newCDPSession(page)
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(url).origin, quotaSize: 20_000 })
  await page.goto(`${url}${hashOf('classify', { model: 'nsfw-1.4-224' })}`)
  await page.getByText(/no storage left.*Free some in the settings of the browser and reload/).waitFor()
  await ready(page)
  await page.getByRole('button', { name: 'apple' }).click()
  await page.locator('.answers li').first().waitFor()
  await page.close()
  server.close()
})

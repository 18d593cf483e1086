import { afterAll, beforeAll, expect, test } from 'vitest'
import { ready, type Site, startSite } from './site.js'

let site: Site
beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

test('works without the server after the first visit', async () => {
  const { page, errors } = await site.open()
  await ready(page)
  await page.getByText('works without a network').waitFor()
  await site.stopServer()
  await page.reload()
  await ready(page)
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  await page.getByRole('button', { name: 'apple' }).click()
  await page.locator('.answers li').first().waitFor()
  expect(errors).toEqual([])
})

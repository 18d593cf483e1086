import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ready, type Site, startSite, violations } from './site.js'

let site: Site
beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

/** How much of a canvas is painted: the number of its colours. */
function colours(page: Page, selector: string): Promise<number> {
  return page.locator(selector).evaluate((element) => {
    const canvas = element as HTMLCanvasElement
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    return new Set(new Uint32Array(data.buffer)).size
  })
}

/** No sideways scrolling on a phone, and nothing that axe finds. */
async function wellMade(page: Page): Promise<void> {
  expect(await violations(page)).toEqual([])
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await violations(page)).toEqual([])
}

test('look inside: costs of the definition, feature maps, class activation, and a design of one’s own', async () => {
  const { page, errors } = await site.open({ part: 'inside' })
  await ready(page)
  await page.getByRole('button', { name: 'strawberry' }).click()
  await page.getByText(/Channels 0 to 63 of \d+, each 56 × 56/).waitFor()
  expect(await colours(page, '.maps canvas')).toBeGreaterThan(20)
  await expect.poll(() => page.locator('.pair strong').textContent()).not.toBe('…')
  expect(await colours(page, '.pair canvas')).toBeGreaterThan(20)
  await expect.poll(() => page.locator('.tiles dd').last().textContent()).toMatch(/ ms$/)

  await page.getByRole('button', { name: 'Block 1', exact: false }).first().click()
  await page.getByRole('button', { name: 'project' }).click()
  await page.getByText(/What block1\.project sees/).waitFor()
  await page.getByLabel('Your own design').check()
  expect(await page.locator('.tiles dd').first().textContent()).toBe('3,504,872')
  await page.getByLabel('Width multiplier').fill('0.5')
  expect(await page.locator('.tiles dd').first().textContent()).toBe('1,968,680')
  await page.getByLabel('expansion of row 2').fill('3')
  expect(await page.locator('.tiles dd').first().textContent()).not.toBe('1,968,680')
  await wellMade(page)
  expect(errors).toEqual([])
})

test('why linear bottlenecks: the spiral is lost by ReLU, and by nothing else', async () => {
  const { page, errors } = await site.open({ part: 'why' })
  const lost = page.locator('.lost')
  await lost.waitFor()
  expect(Number.parseFloat((await lost.textContent())!)).toBeGreaterThan(5)
  await page.getByLabel('With ReLU').uncheck()
  expect(await lost.textContent()).toBe('0.0 %')
  await page.getByLabel('With ReLU').check()
  const before = await lost.textContent()
  await page.getByRole('button', { name: /Another matrix/ }).click()
  expect(await lost.textContent()).not.toBe(before)
  await page.getByRole('slider').fill('50')
  expect(Number.parseFloat((await lost.textContent())!)).toBeLessThan(45)
  // Of the first inverted residual with a shortcut: 24 to 144 to 24.
  await page.getByText('8,832').waitFor()
  await wellMade(page)
  expect(errors).toEqual([])
})

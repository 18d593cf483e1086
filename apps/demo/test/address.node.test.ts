import { afterAll, beforeAll, expect, test } from 'vitest'
import { drawing, ready, type Site, startSite } from './site.js'

let site: Site
beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

test('part, example, model and backend stand in the address, and reload and Back restore them with the place', async () => {
  const { page, errors } = await site.open({ viewport: { width: 390, height: 700 } })
  await ready(page)
  const hash = (): string => new URL(page.url()).hash
  const shown = (): Promise<string | null> => page.locator('.stage img').getAttribute('alt')
  await page.getByRole('button', { name: 'candle' }).click()
  await expect.poll(hash).toMatch(/example=candle/)
  await page.locator('.chip').click()
  await page.getByRole('radio', { name: /^WebAssembly, 1 thread/ }).click()
  await expect.poll(hash).toMatch(/backend=wasm-1/)
  await page.getByRole('button', { name: 'Done' }).click()
  await ready(page)
  await page.evaluate(() => scrollTo(0, 300))
  await page.waitForTimeout(300)

  // Playwright's click would scroll to the link first.
  await page.getByRole('link', { name: 'Why it works' }).evaluate((link) => (link as HTMLAnchorElement).click())
  await expect.poll(hash).toMatch(/^#why\?.*example=candle/)
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(0)
  await page.goBack()
  await expect.poll(hash).toMatch(/^#classify\?.*example=candle/)
  await expect.poll(() => page.evaluate(() => Math.round(scrollY))).toBe(300)

  await page.reload()
  await ready(page)
  await expect.poll(shown).toMatch(/candle/)
  await expect.poll(() => page.evaluate(() => Math.round(scrollY))).toBe(300)
  expect(await page.locator('.chip').getAttribute('title')).toMatch(/1 thread/)

  // A picture of the visitor's has no address.
  await page.getByLabel('Your picture').setInputFiles(drawing('apple'))
  await expect.poll(hash).not.toMatch(/example/)
  expect(errors).toEqual([])
})

test('an address with an example opens that example, and the links of the footer lead out of the site', async () => {
  const { page } = await site.open({ values: { example: 'mushroom' } })
  await expect.poll(() => page.locator('.stage img').getAttribute('alt')).toMatch(/mushroom/)
  const targets = await page.locator('footer a').evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href))
  expect(targets.some((target) => target.endsWith('/docs'))).toBe(true)
  expect(targets).toContain('https://arxiv.org/abs/1801.04381')
  expect(targets).toContain('https://www.npmjs.com/package/mobilenetv2')
})

test('each part has a page of its own for links, with a picture for their preview', async () => {
  const { page } = await site.open()
  for (const part of ['inside', 'why', 'teach', 'race']) {
    const response = await page.request.get(`${site.url}${part}.html`)
    expect(response.status()).toBe(200)
    const picture = /property="og:image" content="([^"]+)"/.exec(await response.text())![1]!
    const { status, type } = await page.request
      .get(new URL(picture, site.url).href)
      .then((answer) => ({ status: answer.status(), type: answer.headers()['content-type'] }))
    expect({ part, status, type }).toEqual({ part, status: 200, type: 'image/png' })
  }
  await page.goto(`${site.url}why.html`)
  await expect.poll(() => page.url()).toMatch(/#why$/)
})

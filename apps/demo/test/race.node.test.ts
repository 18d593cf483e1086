import { readFileSync } from 'node:fs'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ready, type Site, startSite, violations } from './site.js'

let site: Site
beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

const start = (page: Page): Promise<void> => page.getByRole('button', { name: 'Start the race' }).click()

test('every engine runs in turn, the lanes are sorted, one wins, and there is a card to pass on', async () => {
  const { page, errors } = await site.open({ part: 'race' })
  await ready(page)
  await page.getByLabel(/ONNX Runtime Web too \(a download of 1\d\.\d\d MB/).check()
  await start(page)
  await page.getByText(/Getting ready: /).waitFor()
  await page.getByText(/Round \d+ of 20, with MobileNetV2/).waitFor()
  await page.getByRole('heading', { name: 'Pass it on' }).waitFor()
  const lanes = page.locator('.lanes li')
  expect(await page.locator('.lanes li[data-state=done]').count()).toBeGreaterThanOrEqual(4)
  expect(await page.locator('.lanes li[data-state=failed]').count()).toBe(0)
  const medians = (await lanes.locator('.value').allTextContents()).map(Number.parseFloat)
  expect(medians).toEqual(medians.toSorted((a, b) => a - b))
  // Two threads and one may be about as fast on a machine with two processors.
  const title = await page.locator('.winner-name').textContent()
  expect(title).toMatch(/ wins$|^Too close to call: .+ and /)
  expect(await lanes.first().getAttribute('data-winner')).toBe(String(title!.endsWith(' wins')))
  expect(await page.locator('.winner-margin').textContent()).toMatch(
    /\d times as fast as (TensorFlow\.js|ONNX Runtime Web|mobilenetv2)/,
  )
  expect(await lanes.first().locator('.lane-note').textContent()).toMatch(/Half of \d+ runs took [\d.]+ to [\d.]+ ms/)

  const alt = await page.locator('.race-card img').getAttribute('alt')
  expect(alt).toContain(`${site.url}#race`)
  const [card] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save the card' }).click()])
  const png = readFileSync(await card.path())
  expect([...png.subarray(1, 4)]).toEqual([...Buffer.from('PNG')])
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1200, 630])
  const [json] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /as JSON/ }).click()])
  const file = JSON.parse(readFileSync(await json.path(), 'utf8'))
  expect(file.browser).toMatch(/^\w+ \d+/)
  expect(file.model).toMatch(/^MobileNetV2/)
  const results = file.results as { backend: string; median: number; runs: number[] }[]
  for (const racer of ['wasm-1', 'onnxruntime-web'])
    expect(results.find(({ backend }) => backend === racer)!.median, racer).toBeGreaterThan(0)

  expect(await violations(page)).toEqual([])
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await violations(page)).toEqual([])
  expect(errors).toEqual([])
})

test('a race goes on in other parts, which say so, and stops when it is told to; the leader is taken into use', async () => {
  const { page, errors } = await site.open({ part: 'race', values: { backend: 'tfjs-wasm' } })
  await ready(page)
  await start(page)
  await page.getByText(/Round \d+ of 20/).waitFor()
  await page.getByRole('link', { name: 'Classify', exact: true }).click()
  await page.getByText('A race is running').waitFor()
  await page.getByRole('link', { name: 'Race' }).click()
  await page.getByRole('button', { name: 'Stop the race' }).click()
  await page.getByText(/^The race was stopped/).waitFor()
  await page.getByRole('button', { name: 'Race again' }).waitFor()
  expect(await page.locator('.winner-name').textContent()).toMatch(/ leads$|^Too close to call: /)
  const useLeader = page.getByRole('button', { name: /^Use WebAssembly, .* on this site$/ })
  await useLeader.click()
  await useLeader.waitFor({ state: 'detached' })
  await expect.poll(() => page.url()).toContain('backend=wasm-')
  await page.getByRole('link', { name: 'Classify', exact: true }).click()
  expect(await page.getByText('A race is running').count()).toBe(0)
  expect(errors).toEqual([])
})

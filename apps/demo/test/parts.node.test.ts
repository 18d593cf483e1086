import { readFileSync } from 'node:fs'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { drawing, ready, type Site, startSite, violations } from './site.js'

let site: Site
beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

/** No sideways scrolling on a phone, and nothing that axe finds. */
async function wellMade(page: Page): Promise<void> {
  expect(await violations(page)).toEqual([])
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await violations(page)).toEqual([])
}

test('teach it: two classes are learned, used, saved, and loaded again', async () => {
  const { page, errors } = await site.open({ part: 'teach' })
  await ready(page)
  await page.getByText('This needs two pictures or more.').waitFor()
  await page.getByLabel('Name of class 1').fill('Round')
  await page.getByLabel('Name of class 2').fill('Bright')
  await page
    .getByRole('button', { name: 'Pictures of Round' })
    .setInputFiles(['apple', 'balloon', 'clock', 'soccer-ball'].map(drawing))
  await page
    .getByRole('button', { name: 'Pictures of Bright' })
    .setInputFiles(['candle', 'jack-o-lantern', 'mushroom'].map(drawing))
  await page.getByText('3 pictures').waitFor()
  await page.getByRole('button', { name: 'Train' }).click()
  await page.getByText(/Trained in/).waitFor()
  await page.getByText('Pictures it learned from: 100.0 % right').waitFor()
  await page.getByText(/Set aside in 4 turns: \d+\.\d % right/).waitFor()
  await page.getByLabel('Try a picture').setInputFiles(drawing('candle'))
  await expect.poll(() => page.locator('.answers .label').first().textContent()).toBe('Bright')

  await page.getByRole('button', { name: 'Use the camera' }).click()
  await page.getByRole('button', { name: 'Hold to record Round' }).press('Enter')
  await page.getByText('5 pictures').waitFor()
  await wellMade(page)

  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as safetensors' }).click(),
  ])
  await page.getByRole('button', { name: 'Stop the camera' }).click()
  await page.getByLabel('Load a saved model').setInputFiles({
    name: 'mine.safetensors',
    mimeType: 'application/octet-stream',
    buffer: readFileSync(await saved.path()),
  })
  await expect.poll(() => page.getByRole('combobox', { name: 'Model' }).inputValue()).toBe('file:mine.safetensors')
  await ready(page)
  await page.getByRole('link', { name: 'Classify' }).click()
  await page.getByLabel('Choose a picture').setInputFiles(drawing('candle'))
  await expect.poll(() => page.locator('.answers .label').first().textContent()).toBe('Bright')
  expect(errors).toEqual([])
})

test('race: every backend that is here runs, and the outcome is a file', async () => {
  const { page, errors } = await site.open({ part: 'race' })
  await ready(page)
  await page.getByLabel(/Against ONNX Runtime Web too \(downloads 1\d\.\d\d MB/).check()
  await page.getByRole('button', { name: 'Start the race' }).click()
  await page.getByText('Figures of this machine').waitFor()
  expect(await page.locator('.lanes li[data-state=done]').count()).toBeGreaterThanOrEqual(4)
  expect(await page.locator('.lanes li[data-state=failed]').count()).toBe(0)
  const [json] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as JSON' }).click()])
  const { results } = JSON.parse(readFileSync(await json.path(), 'utf8')) as { results: { backend: string; median: number }[] }
  for (const racer of ['wasm-1', 'onnxruntime-web'])
    expect(results.find(({ backend }) => backend === racer)!.median, racer).toBeGreaterThan(0)
  const [picture] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as picture' }).click(),
  ])
  expect([...readFileSync(await picture.path()).subarray(1, 4)]).toEqual([...Buffer.from('PNG')])
  await wellMade(page)
  expect(errors).toEqual([])
})

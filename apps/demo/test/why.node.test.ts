import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { imagenet, ready, type Site, startSite, violations } from './site.js'

let site: Site
beforeAll(async () => {
  site = await startSite()
})
// A page that is left open goes on computing.
afterEach(async () => {
  for (const context of site.browser.contexts()) await context.close()
})
afterAll(() => site.close())

const percents = (text: string | null): number[] => [...(text ?? '').matchAll(/(\d+\.\d) %/g)].map(([, number]) => Number(number))

test('the story scrolls: the plot follows the text, has its slider on it, and loops', async () => {
  const { page, errors } = await site.open({ part: 'why' })
  const note = page.locator('.plot-note')
  const step = (index: number): Promise<void> =>
    page
      .locator('.story-step')
      .nth(index)
      .evaluate((element) => element.scrollIntoView({ block: 'center', behavior: 'instant' }))
  await step(0)
  await expect.poll(() => note.textContent()).toBe('as it is')
  await step(1)
  await expect.poll(async () => percents(await note.textContent())[0]).toBeGreaterThan(40)
  await step(2)
  await expect.poll(async () => percents(await note.textContent())[0]).toBeLessThan(40)
  await step(3)
  await expect.poll(() => note.textContent()).toBe('0.0 % lost')
  // The plot has stayed beside the text.
  expect((await page.locator('.story-plot').boundingBox())!.y).toBeGreaterThanOrEqual(0)
  await page.getByRole('checkbox', { name: 'With ReLU' }).check()
  expect(await note.textContent()).not.toBe('0.0 % lost')
  await step(4)
  await page.getByRole('button', { name: 'Stop the loop' }).waitFor()
  await expect.poll(() => page.locator('.plot-slider .number').textContent()).toMatch(/n = [89]/)
  await page.getByRole('button', { name: 'Stop the loop' }).click()
  await page.getByRole('slider', { name: 'Dimensions', exact: true }).fill('50')
  expect(percents(await note.textContent())[0]).toBeLessThan(45)
  const before = await note.textContent()
  await page.getByRole('button', { name: /Another matrix/ }).click()
  expect(await note.textContent()).not.toBe(before)
  await expect.poll(() => page.url()).toMatch(/n=50.*seed=26|seed=26.*n=50/)
  await page.reload()
  await expect.poll(() => page.locator('.plot-slider .number').textContent()).toBe('n = 50')
  await page.getByRole('button', { name: /seed 26/ }).waitFor()
  expect(errors).toEqual([])
})

test('no loop starts by itself where motion is not wanted', async () => {
  const { page } = await site.open({ part: 'why', reducedMotion: 'reduce' })
  await page.locator('.story-step').last().scrollIntoViewIfNeeded()
  await page
    .locator('.story-step')
    .last()
    .evaluate((element) => element.scrollIntoView({ block: 'center', behavior: 'instant' }))
  await expect.poll(() => page.locator('.story-step').last().getAttribute('data-now')).toBe('true')
  await page.getByRole('button', { name: 'Loop through the dimensions' }).waitFor()
})

test('the curve of the mean loss falls, with its band; and a slider lies on it', async () => {
  const { page, errors } = await site.open({ part: 'why', values: { n: '2' } })
  const figures = page.locator('.loss figcaption .number')
  await expect.poll(async () => percents(await figures.textContent()), { timeout: 60_000 }).toHaveLength(3)
  const few = percents(await figures.textContent())
  await page.getByRole('slider', { name: 'Dimensions, on the curve' }).fill('50')
  await expect.poll(async () => percents(await figures.textContent()), { timeout: 60_000 }).toHaveLength(3)
  const many = percents(await figures.textContent())
  // As docs/ablation.md has it for other matrices: about 60 % for 2, and less than 20 % for 30 and more.
  expect(few[0]).toBeGreaterThan(50)
  expect(many[0]).toBeLessThan(20)
  for (const [mean, low, high] of [few, many]) {
    expect(low).toBeLessThan(mean!)
    expect(high).toBeGreaterThan(mean!)
  }
  expect(errors).toEqual([])
})

test('the loaded network’s own channels: what a ReLU6 would destroy where a block is narrow', async () => {
  const { page, errors } = await site.open({ part: 'why', values: { example: 'apple' } })
  await ready(page)
  await page.locator('.loses strong').first().waitFor()
  const [narrow, wide] = (await page.locator('.loses strong').allTextContents()).map((text) => percents(text)[0]!)
  expect(narrow).toBeGreaterThan(4 * wide!)
  expect(await page.locator('.pairs li').count()).toBe(6)
  expect(await page.locator('.pairs canvas').count()).toBe(12)
  await page.locator('.own-channels').getByRole('radio', { name: '5', exact: true }).check()
  await page.getByRole('heading', { name: /Wide: / }).waitFor()
  await expect.poll(() => page.url()).toContain('block=5')
  expect(errors).toEqual([])
})

test('the areas of both blocks are their costs, and the ablation is that of the docs', async () => {
  const { page, errors } = await site.open({ part: 'why' })
  await page.locator('.block rect').first().waitFor()
  const areas = await page.locator('.block rect').evaluateAll((rectangles) =>
    rectangles.map((rectangle) => {
      const { width, height } = rectangle.getBoundingClientRect()
      return width * height
    }),
  )
  const costs = (await page.locator('.block li .number').allTextContents()).map((text) => Number.parseFloat(text))
  expect(areas).toHaveLength(6)
  // The costs are rounded to a tenth of a million or to a million, and thin rectangles to pixels.
  areas.forEach((area, index) => {
    expect(area / areas[0]! / (costs[index]! / costs[0]!)).toBeCloseTo(1, 1)
  })
  await page.getByText('8,832').waitFor()
  const text = readFileSync(new URL('../../../docs/ablation.md', import.meta.url), 'utf8')
  const accuracies = (name: string): string =>
    new RegExp(`\\| ${name} bottleneck \\| [^|]*\\| [^|]*\\| ([^|]*) \\|`).exec(text)![1]!
  const plotted = await page.getByRole('img', { name: /^Test accuracy by seed/ }).getAttribute('aria-label')
  const spoken = (list: string): string => list.split(', ').map(Number).join(', ')
  expect(plotted).toContain(`linear ${spoken(accuracies('linear'))} %`)
  expect(plotted).toContain(`ReLU6 ${spoken(accuracies('ReLU6'))} %`)
  expect(await page.locator('.ablation .linear circle').count()).toBe(accuracies('linear').split(',').length)
  expect(errors).toEqual([])
})

test('the first version beside the second: by counts, and with real weights where they are served', async () => {
  const { page, errors } = await site.open({ part: 'why', values: { example: 'apple' } })
  await ready(page)
  expect(await page.locator('.count .number').allTextContents()).toEqual(['4.2 M', '3.5 M', '569 M', '301 M'])
  const run = page.getByRole('button', { name: 'Run both on this picture' })
  if (imagenet) {
    await run.click()
    await expect.poll(() => page.locator('.run li').count(), { timeout: 60_000 }).toBe(6)
    for (const text of await page.locator('.run .number').allTextContents()) expect(text).toMatch(/%|ms at \d+ × \d+/)
  } else expect(await run.count()).toBe(0)
  expect(errors).toEqual([])
})

test('on a phone, in the dark: nothing is wider than the screen, and axe finds nothing', async () => {
  const { page, errors } = await site.open({
    part: 'why',
    values: { example: 'apple' },
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
  })
  await ready(page)
  await page.locator('.loses').first().waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  expect(await violations(page)).toEqual([])
  await page.emulateMedia({ colorScheme: 'light' })
  expect(await violations(page)).toEqual([])
  await page.getByText('defineMobileNetV2({ bottleneckActivation').waitFor()
  expect(errors).toEqual([])
})

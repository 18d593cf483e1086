import { defineMobileNetV2 } from '@mobilenetv2/spec'
import type { Page } from 'playwright'
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

/** How much of a canvas is painted: the number of its colours. */
function colours(page: Page, selector: string): Promise<number> {
  return page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const canvas = element as HTMLCanvasElement
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
      return new Set(new Uint32Array(data.buffer)).size
    })
}

/** Waits until the maps of the chosen layer are drawn. */
async function drawn(page: Page): Promise<void> {
  await page.locator('.enlarged strong').waitFor()
}

/** The number of the channel that is enlarged. */
async function enlarged(page: Page): Promise<number> {
  return Number(/Channel (\d+)/.exec((await page.locator('.enlarged strong').textContent()) ?? '')?.[1])
}

test('the ribbon: every block to scale, with what it makes of the picture', async () => {
  const { page, errors } = await site.open({ part: 'inside', values: { example: 'apple' } })
  await ready(page)
  const blocks = page.locator('.ribbon-and-panel > .ribbon .stage-item')
  await expect.poll(() => blocks.count()).toBe(21)
  if (imagenet) {
    const { layers } = defineMobileNetV2()
    const scales = await blocks.evaluateAll((items) =>
      items.slice(1, 18).map((item) => {
        const { width, height } = item.querySelector('.slab')!.getBoundingClientRect()
        return { width, height }
      }),
    )
    scales.forEach(({ width, height }, index) => {
      const { output } = layers.findLast(({ block }) => block === index + 1)!
      expect(height / output.height).toBeCloseTo(scales[0]!.height / 112, 1)
      expect(width / output.channels).toBeCloseTo(scales.at(-1)!.width / 320, 1)
    })
  }
  await expect.poll(() => page.locator('.slab[data-seen=true]').count(), { timeout: 60_000 }).toBe(21)
  expect(await colours(page, '[data-stage="1"] .face')).toBeGreaterThan(20)
  expect(await colours(page, '.ribbon-picture canvas')).toBeGreaterThan(20)
  await expect.poll(() => page.locator('.tiles dd').nth(5).textContent(), { timeout: 60_000 }).toMatch(/ ms \(.* to .*\)/)
  await page.getByText('median of 7 rounds').waitFor({ timeout: 60_000 })
  await page.getByText('Every layer in numbers').click()
  await page.locator('.scroll').getByRole('button', { name: 'Block 1', exact: false }).first().click()
  await page.locator('.scroll').getByRole('button', { name: 'depthwise' }).click()
  await page
    .getByRole('radio', { name: /depthwise/ })
    .and(page.locator(':checked'))
    .waitFor()
  expect(await violations(page)).toEqual([])
  expect(errors).toEqual([])
})

test('a block that is chosen shows its maps: the strongest first, numbered, enlarged, and the dead ones explained', async () => {
  const { page, errors } = await site.open({ part: 'inside', values: { example: 'apple' } })
  await ready(page)
  await page.getByRole('tab', { name: /^Block 1:/ }).click()
  await page.getByText(/(16|24) maps of \d+ × \d+/).waitFor()
  await page.getByText('this layer is linear').waitFor()
  await page.getByRole('radio', { name: /depthwise/ }).check()
  await drawn(page)
  expect(await colours(page, '.enlarged canvas')).toBeGreaterThan(10)
  const options = page.locator('.map-grid [role=option]')
  const numbers = await options.locator('span').allTextContents()
  expect(numbers.map((text) => Number.parseInt(text, 10)).toSorted((a, b) => a - b)).toEqual(numbers.map((_, index) => index))
  const spreads = await options.locator('canvas').evaluateAll((maps) =>
    maps.map((map) => {
      const { data } = (map as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, map.clientWidth, map.clientHeight)
      return new Set(data).size
    }),
  )
  // A silent channel is one colour, and stands behind those that find something.
  expect(spreads[0]).toBeGreaterThan(spreads.at(-1)!)
  await options.nth(3).hover()
  expect(await enlarged(page)).toBe(Number.parseInt(numbers[3]!, 10))
  await options.nth(3).focus()
  await page.keyboard.press('ArrowRight')
  expect(await enlarged(page)).toBe(Number.parseInt(numbers[4]!, 10))
  if (imagenet) {
    expect(await page.locator('.silence').textContent()).toMatch(
      /\d+ of 32 channels are silent.*3 of them are dead: with these weights/,
    )
    expect(numbers.filter((text) => text.endsWith('dead'))).toHaveLength(3)
  }
  await page.getByRole('tab', { name: /^Block 1:/ }).press('ArrowRight')
  await page.getByRole('tabpanel', { name: 'Block 2' }).waitFor()
  await page.getByRole('tab', { name: /^Head:/ }).click()
  await page.getByRole('button', { name: 'Weaker' }).click()
  await page.getByText(/49 to 96 of \d+/).waitFor()
  expect(await violations(page)).toEqual([])
  expect(errors).toEqual([])
})

test('the class activation map lies on the crop, has a legend and a choice of class; the classifier has names', async () => {
  const { page, errors } = await site.open({ part: 'inside', values: { example: 'apple', block: 'classifier' } })
  await ready(page)
  await page.locator('.class-values tbody tr').first().waitFor()
  const rows = page.locator('.class-values tbody tr[data-rank]')
  const values = (await rows.locator('td:nth-child(2)').allTextContents()).map((text) => Number(text.replace('−', '-')))
  expect(values).toEqual(values.toSorted((a, b) => b - a))
  if (imagenet) expect(await rows.first().locator('th').textContent()).toBe('Granny Smith')
  const heat = page.getByRole('img', { name: /^Heat map: where the network finds/ })
  await heat.waitFor()
  expect(await heat.evaluate((element) => getComputedStyle(element).opacity)).toBe('1')
  expect(await heat.boundingBox()).toEqual(await page.locator('.layers .crop').boundingBox())
  expect(await page.locator('.where .legend-ends').textContent()).toMatch(/no evidence here.*most evidence for/)
  const before = await heat.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL())
  await page.locator('.class-choice input[type=radio]').nth(1).check()
  await expect.poll(() => heat.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL())).not.toBe(before)
  await expect.poll(() => page.url()).toMatch(/class=\d+/)
  if (imagenet) {
    await page.getByPlaceholder('Type a name').fill('golden retriever')
    await page.getByPlaceholder('Type a name').press('Enter')
    await expect.poll(() => heat.getAttribute('aria-label')).toMatch(/golden retriever/)
    await page.getByPlaceholder('Type a name').fill('unicorn')
    await page.getByPlaceholder('Type a name').press('Enter')
    await page.getByText('This network has no class “unicorn”.').waitFor()
  }
  await page.getByLabel('Heat map', { exact: true }).uncheck()
  expect(await heat.count()).toBe(0)
  expect(errors).toEqual([])
})

test('block, layer and class stand in the address; a reload and Back restore them', async () => {
  const { page, errors } = await site.open({
    part: 'inside',
    values: { example: 'apple', block: '9', layer: 'block9.depthwise', class: '2' },
  })
  await ready(page)
  const depthwise = page.getByRole('radio', { name: /depthwise/ })
  await page.getByRole('tabpanel', { name: 'Block 9' }).waitFor()
  expect(await depthwise.isChecked()).toBe(true)
  await drawn(page)
  await page.reload()
  await ready(page)
  await page.getByRole('tabpanel', { name: 'Block 9' }).waitFor()
  expect(await depthwise.isChecked()).toBe(true)
  expect(page.url()).toContain('class=2')
  await page.getByRole('link', { name: 'Why it works' }).click()
  await page.getByRole('heading', { level: 1, name: 'Why it works' }).waitFor()
  await page.goBack()
  await page.getByRole('tabpanel', { name: 'Block 9' }).waitFor()
  expect(await depthwise.isChecked()).toBe(true)
  await page.getByText("await model.activation('cat.jpg', 'block9.depthwise')").waitFor()
  expect(errors).toEqual([])
})

test('a design of one’s own, on a phone, in the dark', async () => {
  const { page, errors } = await site.open({
    part: 'inside',
    values: { example: 'apple', width: '0.50' },
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
  })
  await ready(page)
  const parameters = page.locator('.designer .tiles dd').first()
  await expect.poll(() => parameters.textContent()).toMatch(/^1,968,680/)
  const slab = page.locator('.designer [data-stage="17"] .slab')
  const narrow = (await slab.boundingBox())!.width
  await page.getByLabel('Width multiplier').fill('1')
  await expect.poll(() => parameters.textContent()).toMatch(/^3,504,872/)
  expect((await slab.boundingBox())!.width).toBeGreaterThan(1.5 * narrow)
  await page.getByLabel('Input').fill('448')
  await expect.poll(() => page.url()).toContain('size=448')
  await page.getByText('The rows of the paper’s Table 2').click()
  await page.getByLabel('expansion of row 2').fill('3')
  expect(await parameters.textContent()).not.toMatch(/^3,504,872/)
  await page.getByRole('button', { name: 'As published' }).click()
  await expect.poll(() => parameters.textContent()).toMatch(/^3,504,872/)
  // The maps of a block are beside the ribbon on a phone too: the ribbon stays while they scroll.
  await page.getByRole('tab', { name: /^Block 4:/ }).click()
  await drawn(page)
  await page.locator('.map-grid').scrollIntoViewIfNeeded()
  expect((await page.locator('.ribbon-and-panel > .ribbon').boundingBox())!.y).toBeGreaterThanOrEqual(-1)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  expect(await violations(page)).toEqual([])
  expect(errors).toEqual([])
})

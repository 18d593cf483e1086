import { readFileSync } from 'node:fs'
import { readNetwork } from '@mobilenetv2/weights'
import { strFromU8, unzipSync, zipSync } from 'fflate'
import type { Download, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { drawing, imagenet, ready, type Site, startSite, violations } from './site.js'
import { teachableFiles } from './teachable-machine.js'

let site: Site
beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

const round = ['apple', 'balloon', 'clock', 'soccer-ball']
const bright = ['candle', 'jack-o-lantern', 'mushroom']

/** Names the first two classes, and gives them pictures. */
async function gather(page: Page): Promise<void> {
  await page.getByLabel('Name of class 1').fill('Round')
  await page.getByLabel('Name of class 2').fill('Bright')
  await page.getByLabel('Add pictures of Round').setInputFiles(round.map(drawing))
  await page.getByText('4 pictures', { exact: true }).waitFor()
  await page.getByLabel('Add pictures of Bright').setInputFiles(bright.map(drawing))
  await page.getByText('3 pictures', { exact: true }).waitFor()
}

async function train(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Train/ }).click()
  await page.getByText(/Learned in/).waitFor()
}

/** The class that the preview names, as soon as it names one. */
const best = (page: Page) => page.locator('.class-bars li[data-best=true] .label')

async function saved(page: Page, button: string): Promise<Download> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()])
  return download
}

const bytesOf = async (download: Download): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(readFileSync(await download.path()))

/** No sideways scrolling on a phone, and nothing that axe finds. */
async function wellMade(page: Page): Promise<void> {
  expect(await violations(page)).toEqual([])
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await violations(page)).toEqual([])
}

test('what is missing is said, two classes are learned, and a picture is told apart', async () => {
  const { page, errors } = await site.open({ part: 'teach' })
  await ready(page)
  await page.getByText('Add 2 or more pictures to each class.').waitFor()
  await page.getByText('Train first.').waitFor()
  await wellMade(page)
  await gather(page)
  await page.getByText('is taken for one of your classes, even an empty room').waitFor()
  await page.getByRole('button', { name: 'Add “None of these”' }).click()
  await page.getByText('Add pictures to “None of these”').waitFor()
  expect(await page.getByLabel('Name of class 3').inputValue()).toBe('None of these')
  await page.getByRole('button', { name: 'Remove None of these' }).click()
  // On a phone the button Train is below all classes.
  await page.getByRole('button', { name: 'Next: let it learn' }).click()
  const top = (): Promise<number> =>
    page.getByRole('heading', { name: 'Train' }).evaluate((title) => title.getBoundingClientRect().top)
  await expect.poll(top).toBeLessThan(400)
  await train(page)
  await page.getByText(/^[4-7] of 7$/).waitFor()
  await page.getByText('Which classes are mixed up').click()
  await page.getByRole('columnheader', { name: 'called Bright' }).waitFor()
  await page.getByLabel('Try a picture').setInputFiles(drawing('candle'))
  await expect.poll(() => best(page).textContent()).toBe('Bright')
  await wellMade(page)
  expect(errors).toEqual([])
})

test('single pictures are removed by mouse and keyboard, and come back', async () => {
  const { page, errors } = await site.open({ part: 'teach' })
  await ready(page)
  await gather(page)
  const pictures = page.getByRole('list', { name: 'Pictures of Round' }).getByRole('button')
  await pictures.nth(1).click()
  await expect.poll(() => pictures.count()).toBe(3)
  await page.getByText('A picture was removed.').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => pictures.count()).toBe(4)
  await pictures.first().focus()
  await page.keyboard.press('ArrowRight')
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Remove picture 2 of Round')
  await page.keyboard.press('Delete')
  await expect.poll(() => pictures.count()).toBe(3)
  await page.getByRole('button', { name: 'Start over' }).click()
  await expect.poll(() => page.getByLabel('Name of class 1').inputValue()).toBe('Class 1')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => pictures.count()).toBe(3)
  expect(errors).toEqual([])
})

test('the camera shows itself in the class and says that it records, as long as the button is held', async () => {
  const { page, errors } = await site.open({ part: 'teach' })
  await ready(page)
  await page.getByRole('button', { name: 'Record Class 1 with the camera' }).click()
  const hold = page.getByRole('button', { name: 'Hold to record' })
  await expect.poll(() => hold.isEnabled()).toBe(true)
  expect(await page.locator('.viewfinder video').evaluate((video) => (video as HTMLVideoElement).videoWidth)).toBeGreaterThan(0)
  expect(await violations(page)).toEqual([])
  await hold.hover()
  await page.mouse.down()
  await page.getByText('Recording', { exact: true }).waitFor()
  // A recording may have more by the time that the page is asked.
  await page.getByText(/^([3-9]|[1-9]\d) pictures$/).waitFor()
  await page.mouse.up()
  await expect.poll(() => page.getByText('Recording', { exact: true }).count()).toBe(0)
  await page.getByRole('button', { name: 'Record Class 2 with the camera' }).click()
  // The camera of the first class has gone to the second.
  expect(await page.locator('.viewfinder').count()).toBe(1)
  await expect.poll(() => hold.isEnabled()).toBe(true)
  await hold.press('Enter', { delay: 600 })
  await hold.press('Enter', { delay: 600 })
  await page.getByRole('button', { name: 'Close the camera' }).click()
  await train(page)
  await page.locator('.preview').getByRole('button', { name: 'Camera' }).click()
  await page.locator('.class-bars li').first().waitFor()
  await page.getByRole('button', { name: 'Stop the camera' }).click()
  expect(await page.locator('video').count()).toBe(0)
  expect(errors).toEqual([])
})

test('a class that is renamed after the training keeps what it learned, and every format has its new name', async () => {
  const { page, errors } = await site.open({ part: 'teach' })
  await ready(page)
  await gather(page)
  await train(page)
  await page.getByLabel('Name of class 2').fill('Shining')
  await page.getByLabel('Try a picture').setInputFiles(drawing('candle'))
  await expect.poll(() => best(page).textContent()).toBe('Shining')
  for (const [format, file, code] of [
    ['safetensors', 'my-model.safetensors', "load('my-model.safetensors')"],
    ['ONNX', 'my-model.onnx', 'onnxruntime-web'],
    ['TensorFlow Lite', 'my-model.tflite', 'ai_edge_litert'],
    ['TensorFlow.js', 'my-model.zip', 'loadGraphModel'],
  ] as const) {
    await page.getByLabel(format).check()
    expect(await page.locator('.export pre').textContent()).toContain(code)
    const bytes = await bytesOf(await saved(page, `Save ${file}`))
    const network = await readNetwork(bytes)
    expect(network.classes.labels, format).toEqual(['Round', 'Shining'])
    expect(network.architecture.layers.at(-1)!.output.channels, format).toBe(2)
  }
  expect(errors).toEqual([])
})

test('everything is kept while other parts are looked at, and over a reload', async () => {
  const { page, errors } = await site.open({ part: 'teach' })
  await ready(page)
  await gather(page)
  await train(page)
  await page.getByText('7 pictures, kept in this browser').waitFor()
  await page.getByRole('link', { name: 'Race' }).click()
  await page.getByRole('link', { name: 'Teach it' }).click()
  await page.getByText(/Learned in/).waitFor()
  await page.waitForTimeout(500)
  await page.reload()
  await page.getByText(/Learned in/).waitFor()
  expect(await page.getByLabel('Name of class 2').inputValue()).toBe('Bright')
  expect(await page.locator('.pictures img').count()).toBe(7)
  await page.getByLabel('Try a picture').setInputFiles(drawing('candle'))
  await expect.poll(() => best(page).textContent()).toBe('Bright')
  expect(errors).toEqual([])
})

test('a project is one file with its pictures, and opens elsewhere', async () => {
  const { page } = await site.open({ part: 'teach' })
  await ready(page)
  await gather(page)
  const project = await bytesOf(await saved(page, 'Save the project'))
  const files = unzipSync(project)
  expect(Object.keys(files).filter((path) => path.startsWith('Bright/'))).toHaveLength(3)
  expect(JSON.parse(strFromU8(files['mobilenetv2-project.json']!)).classes.map(({ name }: { name: string }) => name)).toEqual([
    'Round',
    'Bright',
  ])

  const { page: other, errors } = await site.open({ part: 'teach' })
  await ready(other)
  const open = other.getByLabel('Open a project or model')
  await open.setInputFiles({ name: 'my-classes.zip', mimeType: 'application/zip', buffer: Buffer.from(project) })
  await other.getByText('7 pictures, kept').waitFor()
  expect(await other.getByLabel('Name of class 1').inputValue()).toBe('Round')
  await train(other)
  await open.setInputFiles({ name: 'broken.zip', mimeType: 'application/zip', buffer: Buffer.from(project.subarray(0, 5000)) })
  await expect.poll(() => other.getByRole('alert').textContent()).toMatch(/broken\.zip was not opened/)
  const folders = zipSync({
    'photos/Fruit/1.png': readFileSync(drawing('apple')),
    'photos/Fire/1.png': readFileSync(drawing('candle')),
  })
  await open.setInputFiles({ name: 'photos.zip', mimeType: 'application/zip', buffer: Buffer.from(folders) })
  await expect.poll(() => other.getByLabel('Name of class 1').inputValue()).toBe('Fire')
  expect(errors).toEqual([])
})

test('sample photos fill the classes in one click, one of them for everything else', async () => {
  const { page, errors } = await site.open({ part: 'teach' })
  await ready(page)
  await page.getByRole('button', { name: 'Try it with sample photos' }).click()
  await page.getByText('39 pictures, kept').waitFor()
  const names = page.getByLabel(/^Name of class/)
  expect(await names.evaluateAll((all) => all.map((input) => (input as HTMLInputElement).value))).toEqual([
    'Mountains',
    'Flowers',
    'None of these',
  ])
  await train(page)
  await page.getByText(/^\d+ of 39$/).waitFor()
  await page.getByRole('button', { name: 'apple' }).click()
  await best(page).waitFor()
  if (imagenet) expect(await best(page).textContent()).toBe('None of these')
  expect(errors).toEqual([])
})

test("Teachable Machine's export is opened: its classes have cards, and it answers in the preview", async () => {
  const buffer = Buffer.from(zipSync(Object.fromEntries(teachableFiles().map(({ name, bytes }) => [name, bytes]))))
  const { page, errors } = await site.open({ part: 'teach' })
  await ready(page)
  await page
    .getByLabel('Open a project or model')
    .setInputFiles({ name: 'converted_tfjs_model.zip', mimeType: 'application/zip', buffer })
  await page.getByText('converted_tfjs_model.zip answers here.').waitFor()
  expect(await page.getByLabel('Name of class 1').inputValue()).toBe('Mug')
  expect(await page.getByLabel('Name of class 2').inputValue()).toBe('Spoon')
  await page.getByLabel('Try a picture').setInputFiles(drawing('apple'))
  await expect.poll(async () => (await page.locator('.class-bars .label').allTextContents()).toSorted()).toEqual(['Mug', 'Spoon'])
  await page.getByLabel('Add pictures of Mug').setInputFiles(round.map(drawing))
  await page.getByLabel('Add pictures of Spoon').setInputFiles(bright.map(drawing))
  await page.getByText('7 pictures, kept').waitFor()
  await train(page)
  expect(errors).toEqual([])
})

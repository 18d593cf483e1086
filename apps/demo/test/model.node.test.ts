import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ready, type Site, startSite, violations } from './site.js'
import { teachableFiles } from './teachable-machine.js'

let site: Site
beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

/** A file beside the tests' own, made for one of them. */
function temporary(name: string, content: string | Uint8Array): string {
  const path = join(tmpdir(), `${process.pid}-${name}`)
  writeFileSync(path, content)
  return path
}

/** The beginning of a PNG of 108 megapixels. */
function hugePicture(): Buffer {
  const size = Buffer.alloc(8)
  size.writeUInt32BE(12_000, 0)
  size.writeUInt32BE(9_000, 4)
  const begin = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]
  return Buffer.concat([Buffer.from(begin), size, Buffer.from([8, 2, 0, 0, 0, 0, 0, 0, 0])])
}

/** A safetensors file of one dense layer, which is no MobileNet. */
function otherNetwork(): Buffer {
  const header = JSON.stringify({ 'fc.weight': { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] } }).padEnd(80)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  return Buffer.concat([length, Buffer.from(header), Buffer.alloc(24)])
}

test('the chip opens a sheet: facts, backends with their reasons, and models to search, of which none loads by itself', async () => {
  const { page, errors, requests } = await site.open({ viewport: { width: 390, height: 844 } })
  await ready(page)
  const chip = page.locator('.chip')
  expect(await chip.evaluate((element) => element.getBoundingClientRect().height)).toBeLessThanOrEqual(46)
  await chip.click()
  await page.getByRole('dialog', { name: 'Model' }).waitFor()
  await page.getByRole('radio', { name: /TensorFlow\.js in plain JavaScript/ }).waitFor()
  expect(await page.getByRole('radio', { name: /WebGPU/ }).isDisabled()).toBe(true)
  await page.getByText('How its file was read, and what was assumed').click()
  await page
    .getByText(/width multiplier 1/)
    .first()
    .waitFor()
  await page.getByLabel('Search the models').fill('0.35 96 keras')
  await page.getByText(/^1 of \d+ models$/).waitFor()
  expect(await page.locator('.model-list .about').textContent()).toMatch(
    /6\.76 MB to download · 45\.5 % right · float32 · Apache-2\.0 · Keras/,
  )
  expect(await violations(page)).toEqual([])
  const before = requests.length
  for (let times = 0; times < 5; times++) await page.keyboard.press('ArrowDown')
  expect(requests.slice(before)).toEqual([])
  // In the search the key empties it first.
  await page.getByRole('button', { name: 'Done' }).focus()
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  expect(errors).toEqual([])
})

test('a model that cannot be had: the reason in words, the one before stays, Try again tries again', async () => {
  const { page } = await site.open()
  await ready(page)
  const title = await page.locator('.chip').textContent()
  let asked = 0
  await page.route(/mobilenet_v2_weights.*0\.35_96|mobilenet_v2.*96.*0\.35/, (route) => {
    asked += 1
    return route.abort()
  })
  await page.locator('.chip').click()
  await page.getByLabel('Search the models').fill('0.35 96 keras')
  await page.locator('.model-list button').click()
  const alert = page.getByRole('alert', { includeHidden: true })
  await expect
    .poll(() => alert.textContent(), { timeout: 60_000 })
    .toMatch(/was not loaded\. The model that was loaded before is still in use\..*publisher’s|publisher's server/s)
  expect(await page.locator('.chip').textContent()).toBe(title)
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('button', { name: 'Try again' }).waitFor({ timeout: 60_000 })
  expect(asked).toBeGreaterThan(0)
})

test('the page says what is wrong with a file, and the picture and the model before stay', async () => {
  const { page, errors } = await site.open()
  await ready(page)
  await page.locator('.stage-best').waitFor()
  const before = await page.locator('.stage img').getAttribute('alt')
  const alert = page.getByRole('alert')
  const take = async (name: string, content: string | Uint8Array, says: RegExp): Promise<void> => {
    const path = temporary(name, content)
    if (/\.(jpg|png|heic)$/.test(name)) await page.getByLabel('Your picture').setInputFiles(path)
    else {
      await page.locator('.chip').click()
      await page.getByLabel('Your trained model…').setInputFiles(path)
      await page.getByRole('button', { name: 'Done' }).click()
    }
    await expect.poll(() => alert.textContent()).toMatch(says)
  }
  await take(
    'notes.txt',
    'These are notes.',
    /notes\.txt is no picture, and no checkpoint that can be used\. Take a JPEG.*is still in use/s,
  )
  expect(await violations(page)).toEqual([])
  await take('other.safetensors', otherNetwork(), /other\.safetensors is no picture.*is still in use/s)
  await take('broken.jpg', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2, 3), /broken\.jpg cannot be read: it is damaged/)
  await take(
    'photo.heic',
    Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic'),
    /photo\.heic cannot be read\. It is a HEIC picture.*share it as JPEG/,
  )
  await take('huge.png', hugePicture(), /huge\.png cannot be read|12000 x 9000/)
  await page.getByRole('button', { name: 'Close' }).click()
  expect(await page.locator('.stage img').getAttribute('alt')).toBe(before)
  await page.locator('.stage-best').waitFor()
  expect(errors).toEqual([])
})

test("a model of one's own in several files: chosen, or dropped on any part, with what was worked out", async () => {
  const { page, errors } = await site.open({ viewport: { width: 390, height: 844 } })
  await ready(page)
  await page.getByRole('button', { name: 'apple' }).click()
  const labels = page.locator('.answers .label')
  const files = teachableFiles().map(({ name, bytes }) => ({ name, mimeType: '', buffer: Buffer.from(bytes) }))
  await page.locator('.chip').click()
  await page.getByLabel('Your trained model…').setInputFiles(files)
  await page.getByRole('button', { name: 'Done' }).click()
  await expect.poll(async () => (await labels.allTextContents()).toSorted()).toEqual(['Mug', 'Spoon'])
  await page.getByText(/and 2 more is loaded: MobileNetV2 0\.1 · 2 classes/).waitFor()
  await page.getByText('How its file was read, and what was assumed').click()
  await page.locator('.taken .reasons li').first().waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await page.reload()
  await ready(page)
  await page.getByRole('link', { name: 'Why it works' }).click()
  const dropped = files.map(({ name, buffer }) => ({ name, text: buffer.toString('base64') }))
  await page.evaluate((given) => {
    const dataTransfer = new DataTransfer()
    for (const { name, text } of given) {
      dataTransfer.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name))
    }
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
  }, dropped)
  await page.getByText(/and 2 more is loaded/).waitFor()
  await page.getByRole('link', { name: 'Classify' }).click()
  await expect.poll(async () => (await labels.allTextContents()).toSorted()).toEqual(['Mug', 'Spoon'])
  expect(await violations(page)).toEqual([])
  expect(errors).toEqual([])
})

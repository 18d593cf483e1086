import type { ServerResponse } from 'node:http'
import { defineMobileNetV2, isWeighted, kernelLength } from '@mobilenetv2/spec'
import { toSafetensors } from '@mobilenetv2/weights'
import { chromium } from 'playwright'
import { expect, test } from 'vitest'
import { launchOptions, plainHost, textsOf } from './site.js'

/** A network of zeros, 1.6 MB. */
function smallModel(): Uint8Array {
  const options = { widthMultiplier: 0.35, classes: 10, height: 96, width: 96 }
  const layers = defineMobileNetV2(options).layers.filter(isWeighted)
  const parameters = new Map(
    layers.map((layer) => [layer.id, { kernel: new Float32Array(kernelLength(layer)), bias: new Float32Array(layer.biasLength) }]),
  )
  return toSafetensors({
    options,
    parameters,
    preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0, 0, 0], deviation: [1, 1, 1] },
    classes: {
      labels: Array.from({ length: options.classes }, (_, index) => `class ${index}`),
      background: null,
      output: 'softmax',
    },
  })
}

test('a slow server: the page says how much of how much has come, then that it compiles, then that it is ready', async () => {
  const model = smallModel()
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)
  let tellAsked: (response: ServerResponse) => void = () => {}
  const asked = new Promise<ServerResponse>((resolve) => {
    tellAsked = resolve
  })
  const { server, url } = await plainHost((path, response) => {
    if (path === '/models.json') {
      response.end(JSON.stringify([{ id: 'slow', title: 'A slow one', file: 'slow.safetensors', labels: '' }]))
      return true
    }
    if (path !== '/models/slow.safetensors') return false
    response.writeHead(200, { 'Content-Length': model.length })
    tellAsked(response)
    return true
  })
  const browser = await chromium.launch(launchOptions())
  const page = await browser.newPage()
  await page.goto(url)
  const chip = page.locator('.chip')
  const response = await asked
  expect(await chip.textContent()).toContain('Loading the model…')
  // A screen reader hears of the loading, and not of each megabyte.
  const status = page.getByRole('status').first()
  expect(await status.textContent()).toBe('Loading the model.')
  const said = await textsOf(status)
  response.write(model.subarray(0, 500_000))
  await page.getByText(`Loading 0.5 of ${megabytes(model.length)} MB…`).waitFor()
  response.write(model.subarray(500_000, 1_200_000))
  await page.getByText(`Loading 1.2 of ${megabytes(model.length)} MB…`).waitFor()
  expect(await chip.evaluate((element) => Number(getComputedStyle(element).getPropertyValue('--share')))).toBeCloseTo(
    1.2e6 / model.length,
    1,
  )
  expect(await said.jsonValue()).toEqual([])
  const seen = await textsOf(chip)
  response.end(model.subarray(1_200_000))
  await page.locator('[data-status=ready]').waitFor()
  expect((await seen.jsonValue()).some((text) => text?.includes('Compiling…'))).toBe(true)
  expect((await said.jsonValue()).length).toBeLessThanOrEqual(2)
  await page.getByRole('button', { name: 'apple' }).click()
  await page.locator('.answers li').first().waitFor()
  await browser.close()
  server.close()
})

test('a loading is cancelled, and the model before stays', async () => {
  const model = smallModel()
  const { server, url } = await plainHost((path, response) => {
    if (path === '/models.json') {
      const served = (id: string): object => ({ id, title: id, file: `${id}.safetensors`, labels: '' })
      response.end(JSON.stringify([served('quick'), served('slow')]))
      return true
    }
    if (!path.startsWith('/models/')) return false
    response.writeHead(200, { 'Content-Length': model.length })
    if (path.includes('quick')) response.end(model)
    else response.write(model.subarray(0, 400_000))
    return true
  })
  const browser = await chromium.launch(launchOptions())
  const page = await browser.newPage()
  await page.goto(url)
  await page.locator('[data-status=ready]').waitFor()
  await page.locator('.chip').click()
  const row = page.locator('[data-model=slow]')
  await row.getByRole('button', { name: /^Load slow/ }).click()
  await row.getByRole('progressbar').waitFor()
  await expect.poll(() => row.getByRole('progressbar').evaluate((bar) => (bar as HTMLProgressElement).value)).toBeGreaterThan(0.1)
  await row.getByRole('button', { name: 'Cancel' }).click()
  await page.locator('[data-status=ready]').waitFor()
  await page.locator('[data-model=quick]').getByText('In use').waitFor()
  expect(await page.locator('.notice').count()).toBe(0)
  await browser.close()
  server.closeAllConnections()
  server.close()
})

test('a site that was built without a model says so, and offers to fetch it', async () => {
  const { server, url } = await plainHost((path, response) => {
    if (path !== '/models.json') return false
    response.end('[]')
    return true
  })
  const browser = await chromium.launch(launchOptions())
  const page = await browser.newPage()
  await page.goto(url)
  await page.getByText('This copy of the site was built without a model').waitFor()
  expect(await page.locator('.chip').textContent()).toContain('No model: choose one')
  // A visitor is never given a model that judges whether pictures are fit for work.
  await page.getByRole('button', { name: 'Fetch it' }).waitFor()
  await page.locator('.stage img').waitFor()
  await browser.close()
  server.close()
})

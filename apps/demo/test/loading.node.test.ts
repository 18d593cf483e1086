import type { ServerResponse } from 'node:http'
import { defineMobileNetV2, isWeighted, kernelLength } from '@mobilenetv2/spec'
import { toSafetensors } from '@mobilenetv2/weights'
import { chromium } from 'playwright'
import { expect, test } from 'vitest'
import { launchOptions, plainHost } from './site.js'

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
  const status = page.getByRole('status')
  const response = await asked
  expect(await status.textContent()).toContain('Loading the model…')
  response.write(model.subarray(0, 500_000))
  await page.getByText(`Downloading 0.5 of ${megabytes(model.length)} MB…`).waitFor()
  response.write(model.subarray(500_000, 1_200_000))
  await page.getByText(`Downloading 1.2 of ${megabytes(model.length)} MB…`).waitFor()
  expect(await page.getByRole('progressbar').evaluate((element) => (element as HTMLProgressElement).value)).toBeCloseTo(
    1.2e6 / model.length,
    1,
  )
  const seen = await status.evaluateHandle((element) => {
    const texts: string[] = []
    new MutationObserver(() => texts.push(element.textContent ?? '')).observe(element, {
      characterData: true,
      childList: true,
      subtree: true,
    })
    return texts
  })
  response.end(model.subarray(1_200_000))
  await page.getByText(/Ready: wasm/).waitFor()
  expect((await seen.jsonValue()).map((text) => text.trim())).toContain('Compiling…')
  await page.getByRole('button', { name: 'apple' }).click()
  await page.locator('.answers li').first().waitFor()
  await browser.close()
  server.close()
})

import { afterEach, expect, test } from 'vitest'
import { consent, drawing, fakeCamera, ready, type Site, startSite } from './site.js'

let site: Site
afterEach(() => site.close())

test('the page says if there is no camera, and a picture can be used', async () => {
  site = await startSite([])
  const { page, errors } = await site.open()
  await ready(page)
  await page.getByRole('button', { name: 'Use the camera' }).click()
  await page.getByText('There is no camera here. Connect one, or drop a picture instead.').waitFor()
  await page.getByLabel('Your picture').setInputFiles(drawing('apple'))
  await page.locator('.answers li').first().waitFor()
  expect(errors).toEqual([])
})

test('the page says if the camera was refused', async () => {
  site = await startSite([fakeCamera])
  const { page, errors } = await site.open()
  await ready(page)
  await page.getByRole('button', { name: 'Use the camera' }).click()
  await page.getByText(/The camera was refused\. Allow it/).waitFor()
  expect(errors).toEqual([])
})

test('the page says if the camera was taken away, and it can be used again', async () => {
  site = await startSite()
  const { page, errors } = await site.open()
  await ready(page)
  const use = page.getByRole('button', { name: 'Use the camera' })
  await use.click()
  await page.locator('.pace').waitFor()
  await page.locator('video').evaluate((element) => {
    const [track] = ((element as HTMLVideoElement).srcObject as MediaStream).getTracks()
    track!.dispatchEvent(new Event('ended'))
  })
  await expect.poll(() => page.getByRole('alert').textContent()).toMatch(/The camera stopped\..*Connect it and use it again/s)
  await use.click()
  await page.locator('.pace').waitFor()
  expect(errors).toEqual([])
})

test('the page says if WebGPU is lost while the camera is on; then another device runs, or another backend', async () => {
  site = await startSite([fakeCamera, consent, '--enable-unsafe-webgpu', '--disable-dawn-features=allow_unsafe_apis'])
  const { page, errors } = await site.open()
  await ready(page)
  const choose = async (backend: RegExp): Promise<void> => {
    await page.locator('.chip').click()
    await page.getByRole('radio', { name: backend }).click()
    await page.getByRole('button', { name: 'Done' }).click()
  }
  await choose(/^WebGPU/)
  await expect.poll(() => page.locator('.chip').getAttribute('title')).toMatch(/webgpu on/)
  const camera = page.getByRole('button', { name: 'Use the camera' })
  await camera.click()
  await page.locator('.pace').waitFor()
  const engine = page.workers().find((worker) => /\/worker-/.test(worker.url()))!
  /** The device breaks during the next run. */
  const lose = (): Promise<void> =>
    engine.evaluate(() => {
      const prototype = GPUDevice.prototype
      const create = prototype.createCommandEncoder
      prototype.createCommandEncoder = function (this: GPUDevice, options) {
        prototype.createCommandEncoder = create
        const encoder = create.call(this, options)
        this.destroy()
        return encoder
      }
    })
  await lose()
  const alert = page.getByRole('alert')
  await expect.poll(() => alert.textContent()).toMatch(/The camera stopped\..*The device was lost.*Run it again/s)
  await camera.click()
  await page.locator('.pace').waitFor()
  await engine.evaluate(() => {
    navigator.gpu.requestAdapter = () => Promise.resolve(null)
  })
  await lose()
  await camera.click()
  await expect.poll(() => alert.textContent()).toMatch(/no adapter/)
  await choose(/^WebAssembly, 1 thread/)
  await expect.poll(() => page.locator('.chip').getAttribute('title')).toMatch(/^wasm/)
  await camera.click()
  await page.locator('.pace').waitFor()
  expect(errors).toEqual([])
})

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as esbuild from 'esbuild'
import { type Browser, chromium, type Page } from 'playwright'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../src/answers.js'
import { load } from '../src/load.js'
import type { Model } from '../src/model.js'
import { install } from './bundles/install.js'
import { labelledPhotos, leftOut, modelsFolder } from './real-models.js'

const fade = Buffer.from(
  '<svg width="100" height="100"><linearGradient id="a"><stop stop-opacity="1"/><stop offset="1" stop-opacity="0.05"/></linearGradient><rect width="100" height="100" fill="url(#a)"/></svg>',
)

/** Kinds of files that people have, from one photo. */
const kinds: readonly [name: string, make: (photo: Sharp) => Sharp | Promise<Sharp>][] = [
  ['JPEG, 4:2:0', (photo) => photo.jpeg({ quality: 90, chromaSubsampling: '4:2:0' })],
  ['JPEG, progressive', (photo) => photo.jpeg({ progressive: true })],
  ['JPEG that EXIF turns', (photo) => photo.rotate(-90).withMetadata({ orientation: 6 }).jpeg({ chromaSubsampling: '4:4:4' })],
  ['JPEG with the profile of another colour space', (photo) => photo.withIccProfile('p3').jpeg()],
  ['JPEG, grey', (photo) => photo.greyscale().jpeg()],
  ['JPEG, CMYK', (photo) => photo.toColourspace('cmyk').jpeg()],
  ['PNG', (photo) => photo.png()],
  ['PNG, 16 bits', (photo) => photo.toColourspace('rgb16').png()],
  ['PNG, grey, 16 bits', (photo) => photo.greyscale().toColourspace('grey16').png()],
  ['PNG with a palette', (photo) => photo.png({ palette: true })],
  [
    'PNG with alpha',
    async (photo) => {
      const { width, height } = await photo.metadata()
      const mask = await sharp(fade).resize(width, height, { fit: 'fill' }).png().toBuffer()
      return photo
        .ensureAlpha()
        .composite([{ input: mask, blend: 'dest-in' }])
        .png()
    },
  ],
  ['WebP', (photo) => photo.webp({ quality: 90 })],
  ['AVIF', (photo) => photo.avif({ quality: 70, effort: 0 })],
  ['GIF', (photo) => photo.gif({ effort: 1 })],
]

const hookTimeout = 60_000
const project = join(tmpdir(), `mobilenetv2-same-answers-${process.pid}`)
const origin = 'http://same-answers.test'

const script = `
import { load } from 'mobilenetv2'
const model = await load('/model', { backend: 'wasm' })
globalThis.classify = (url) => model.classify(url)
`

const skip = leftOut !== '' || Boolean(process.env.MOBILENETV2_NODE_ONLY)

// The browser decodes, in place of sharp; from there on it is the same code.
describe.skipIf(skip)(`the same file gives the same answer in Node and in Chromium${leftOut}`, () => {
  const photos = labelledPhotos().filter((_, index) => index % 20 === 1)
  const modelFile = join(modelsFolder ?? '', 'tf2_mobilenet_v2_1.0_224_ptq.tflite')
  let browser: Browser
  let page: Page
  let model: Model
  let served: Buffer

  beforeAll(async () => {
    install(project)
    writeFileSync(join(project, 'main.js'), script)
    const outdir = join(project, 'out')
    await esbuild.build({ entryPoints: [join(project, 'main.js')], outdir, bundle: true, format: 'esm', splitting: true })
    model = await load(modelFile, { backend: 'wasm' })
    const { MOBILENETV2_CHROME: executablePath } = process.env
    browser = await chromium.launch({ ...(executablePath && { executablePath }) })
    page = await browser.newPage()
    const scripts = new Map(readdirSync(outdir).map((name) => [`/${name}`, readFileSync(join(outdir, name))]))
    await page.route(`${origin}/**`, (route) => {
      const { pathname } = new URL(route.request().url())
      if (pathname === '/')
        return route.fulfill({ contentType: 'text/html', body: '<script type="module" src="/main.js"></script>' })
      if (pathname === '/model') return route.fulfill({ path: modelFile })
      if (pathname === '/picture') return route.fulfill({ body: served })
      return route.fulfill({ contentType: 'text/javascript', body: scripts.get(pathname)! })
    })
    await page.goto(origin)
    await page.waitForFunction('globalThis.classify')
  }, hookTimeout)

  afterAll(async () => {
    model.dispose()
    await browser.close()
    rmSync(project, { recursive: true })
  })

  it.each(kinds)('%s', async (_, make) => {
    for (const { path, name } of photos) {
      served = await (await make(sharp(path))).toBuffer()
      const here = await model.classify(served)
      const there = (await page.evaluate("classify('/picture')")) as Answer[]
      expect(there[0]!.label, name).toBe(here[0]!.label)
      for (const { index, label, probability } of here) {
        const other = there.find((answer) => answer.index === index)
        if (other !== undefined) expect(Math.abs(other.probability - probability), `${name}: ${label}`).toBeLessThan(0.01)
      }
    }
  })
})

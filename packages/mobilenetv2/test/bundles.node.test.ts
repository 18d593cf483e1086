import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { type Browser, chromium } from 'playwright'
import sharp from 'sharp'
import { type PreviewServer, preview } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { load } from '../src/load.js'
import { bundlers } from './bundles/bundlers.js'
import { install } from './bundles/install.js'
import { labelledPhotos, leftOut, modelsFolder, nativeBest } from './real-models.js'

const policy = "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:"

/**
 * Bytes of script, gzip, that a page may fetch for an answer: the 45.5 kB of .size-limit.mjs, cut into chunks that are compressed each
 * by itself, and the bundler's own loader of chunks.
 */
const budget = 58 * 1024

/**
 * A text from each piece of code that must be in a chunk of its own: WebGPU's kernels, HDF5's reader, ImageNet's labels, the recognition of
 * formats, the reader of files beside a checkpoint, the layers of unusual heads, the integer kernels.
 */
const later = ['@compute', 'OHDR', 'goldfish', 'TFL3', 'preprocessor_config', '044715', 'no integers to compute with']

/** webpack takes seconds, and a minute on a machine that is busy. */
const hookTimeout = 240_000

const project = join(tmpdir(), `mobilenetv2-bundles-${process.pid}`)
const safetensors = join(project, 'nsfw.safetensors')
const drawing = join(project, 'strawberry.png')

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

interface Outcome {
  /** The page's best answer and its backend; null where it gave none. */
  readonly answer: unknown
  /** The errors on its console, including violations of the policy. */
  readonly errors: readonly string[]
  /** The scripts that it fetched from its server. */
  readonly scripts: ReadonlySet<string>
}

/** Opens the page at `url`, with these files as its model and its picture. */
async function open(browser: Browser, url: string, model: string, picture: string): Promise<Outcome> {
  const page = await browser.newPage()
  const errors: string[] = []
  const scripts = new Set<string>()
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('request', (request) => {
    if (request.resourceType() === 'script' && request.url().startsWith(url)) scripts.add(request.url().slice(url.length))
  })
  await page.route('**/model', (route) => route.fulfill({ path: model }))
  await page.route('**/picture', (route) => route.fulfill({ path: picture }))
  await page.goto(url)
  const answer = await page
    .locator('output')
    .textContent({ timeout: 20_000 })
    .catch(() => null)
  await page.close()
  return { answer: JSON.parse(answer ?? 'null'), errors, scripts }
}

const skipped = Boolean(process.env.MOBILENETV2_NODE_ONLY)

describe.skipIf(skipped)(`bundles${skipped ? ' [left out: MOBILENETV2_NODE_ONLY is set]' : ''}`, () => {
  let browser: Browser
  beforeAll(async () => {
    install(project)
    for (const name of ['index.html', 'main.js']) cpSync(pathOf(`bundles/${name}`), join(project, name))
    execFileSync(process.execPath, [pathOf('../dist/cli.js'), 'convert', 'nsfw-1.0-224', safetensors], { stdio: 'pipe' })
    await sharp(pathOf('../../../examples/pictures/strawberry.svg')).flatten({ background: '#fff' }).png().toFile(drawing)
    const { MOBILENETV2_CHROME: executablePath } = process.env
    browser = await chromium.launch({ ...(executablePath && { executablePath }) })
  }, hookTimeout)
  afterAll(async () => {
    await browser.close()
    rmSync(project, { recursive: true })
  }, hookTimeout)

  describe.each(bundlers)('$name', ({ name, minifies, bundle }) => {
    const output = join(project, name)
    const filesOf = (scripts: Iterable<string>): Buffer[] => Array.from(scripts, (script) => readFileSync(join(output, script)))
    const textOf = (scripts: Iterable<string>): string => filesOf(scripts).join('\n')
    const gzipped = (scripts: Iterable<string>): number =>
      filesOf(scripts).reduce((bytes, file) => bytes + gzipSync(file).length, 0)
    let server: PreviewServer
    let url: string
    let warnings: readonly string[]
    beforeAll(async () => {
      warnings = await bundle(project, output)
      server = await preview({
        root: project,
        build: { outDir: output },
        preview: { port: 0, host: '127.0.0.1', headers: { 'Content-Security-Policy': policy } },
        logLevel: 'error',
      })
      url = server.resolvedUrls!.local[0]!
    }, hookTimeout)
    afterAll(() => server.close())

    it('warns of nothing, though no optional package is installed', () => expect(warnings).toEqual([]))

    it('bundles all that a page may need, and nothing of Node', () => {
      const scripts = readdirSync(output, { recursive: true, encoding: 'utf8' }).filter((path) => extname(path) === '.js')
      const text = textOf(scripts)
      for (const part of later) expect(text).toContain(part)
      // Rollup keeps docstrings, whose examples read files.
      expect(text.replace(/\/\*\*[\s\S]*?\*\//g, '')).not.toMatch(
        /["'`]node:|worker_threads|vite-browser-external|EnvHttpProxyAgent/,
      )
      // A chunk that is imported while the page's own module waits at its top level must not wait for that module.
      expect(text).not.toContain("from './main.js'")
    })

    it('answers as in Node, and fetches only the code that it needs', async () => {
      const { answer, errors, scripts } = await open(browser, url, safetensors, drawing)
      expect(errors).toEqual([])
      using model = await load(safetensors, { backend: 'wasm' })
      const [best] = await model.classify(drawing)
      expect(answer).toEqual({ ...best, probability: expect.closeTo(best!.probability, 3), backend: 'wasm' })
      for (const part of later) expect(textOf(scripts)).not.toContain(part)
      if (minifies) expect(gzipped(scripts)).toBeLessThanOrEqual(budget)
    })

    it.skipIf(leftOut !== '')(`names what a photo shows${leftOut}`, async () => {
      const file = 'tf2_mobilenet_v2_1.0_224_ptq.tflite'
      const photo = labelledPhotos().find(({ path }) => path.endsWith('_jay.JPEG'))!
      const { answer, errors } = await open(browser, url, join(modelsFolder!, file), photo.path)
      expect(errors).toEqual([])
      expect(answer).toMatchObject({ index: nativeBest(file).get(photo.name), label: 'jay', backend: 'wasm' })
    })
  })
})

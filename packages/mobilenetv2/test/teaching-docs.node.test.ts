import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { chromium } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { load } from '../src/load.js'
import { labelledPhotos, leftOut, modelsFolder } from './real-models.js'
import { cli } from './run-cli.js'

const document = readFileSync(new URL('../../../docs/teaching.md', import.meta.url), 'utf8')

/** The blocks of code in a language. */
function blocks(language: string): string[] {
  return Array.from(document.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)).flatMap(([, name, code]) =>
    name === language ? [code!] : [],
  )
}

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../..', import.meta.url))
const isPage = (code: string): boolean => code.startsWith('// page.js')

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mobilenetv2-teaching-'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  // ImageNet's dogs, and mammals that stand in for cats.
  const kinds = { dog: [157, 167, 177, 187, 197], cat: [277, 287, 297, 347, 357] }
  for (const [label, indices] of Object.entries(kinds)) {
    for (const [place, index] of indices.entries()) {
      const photo = labelledPhotos().find(({ classIndex }) => classIndex === index)
      const [part, name] = place < 4 ? ['photos', place] : ['test', 1]
      mkdirSync(join(folder, part, label), { recursive: true })
      if (photo !== undefined) cpSync(photo.path, join(folder, part, label, `${name}.jpg`))
    }
  }
})

afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a program in the folder of the photos. */
async function inFolder(file: string, ...parameters: string[]): Promise<string> {
  const env = { ...process.env, NO_COLOR: '1', MOBILENETV2_MODELS: modelsFolder }
  return (await run(file, parameters, { cwd: folder, env, encoding: 'utf8' })).stdout
}

const commands = blocks('sh').flatMap((block) => block.trim().split('\n'))

describe.skipIf(leftOut !== '')(`docs/teaching.md${leftOut}`, () => {
  it.each(commands)(
    '%s',
    async (command) => {
      expect(await inFolder('bash', '-c', `mobilenetv2() { '${process.execPath}' '${cli}' "$@"; }\n${command}`)).not.toBe('')
    },
    180_000,
  )

  it('the program teaches, saves and answers', async () => {
    const [program, ...others] = blocks('js').filter((code) => !isPage(code))
    expect(others).toEqual([])
    writeFileSync(join(folder, 'program.mjs'), `${program}\nconsole.log(best.label)`)
    const printed = await inFolder(process.execPath, 'program.mjs')
    expect(printed).toMatch(/^reading 1 8$/m)
    expect(printed.trim()).toMatch(/(cat|dog)$/)
  }, 60_000)

  it.skipIf(process.env.MOBILENETV2_NODE_ONLY)(
    'the page shows the answer that Node gives',
    async () => {
      const [page] = blocks('js').filter(isPage)
      writeFileSync(join(folder, 'page.js'), page!)
      const output = join(folder, 'out')
      await build({
        entryPoints: [join(folder, 'page.js')],
        bundle: true,
        splitting: true,
        format: 'esm',
        outdir: output,
        logLevel: 'error',
      })
      const files: Readonly<Record<string, string>> = { '/mine.safetensors': 'mine.safetensors', '/photo.jpg': 'test/cat/1.jpg' }
      const html =
        '<!doctype html><link rel="icon" href="data:,"><img src="photo.jpg"><p></p><script type="module" src="page.js"></script>'
      const server = createServer(({ url = '/' }, response) => {
        response.setHeader(
          'Content-Type',
          url.endsWith('.js') ? 'text/javascript' : url === '/' ? 'text/html' : 'application/octet-stream',
        )
        response.end(url === '/' ? html : readFileSync(join(folder, files[url] ?? join('out', url))))
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { MOBILENETV2_CHROME: executablePath } = process.env
      const browser = await chromium.launch({ ...(executablePath && { executablePath }) })
      try {
        const tab = await browser.newPage()
        await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
        using model = await load(join(folder, 'mine.safetensors'), { backend: 'wasm' })
        const [best] = await model.classify(join(folder, 'test/cat/1.jpg'))
        await tab.waitForFunction("document.querySelector('p').textContent !== ''")
        expect(await tab.textContent('p')).toBe(`${best!.label}, ${Math.round(100 * best!.probability)} %`)
      } finally {
        await browser.close()
        server.close()
      }
    },
    60_000,
  )
})

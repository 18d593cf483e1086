import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build } from 'esbuild'
import { chromium } from 'playwright'

const types: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript', jpg: 'image/jpeg' }

// Chromium's fake camera, which needs no permission.
const fakeCamera = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']

/**
 * Bundles a page's script, opens `index.html` of the folder in Chromium, gives its field of files a photo, if it has one, and waits for text
 * in its list or paragraph. A button ends the page's work.
 */
export async function openPage(folder: string, script: string): Promise<string> {
  const output = join(folder, 'bundled')
  const bundle = { bundle: true, splitting: true, format: 'esm', target: 'es2022', logLevel: 'error' } as const
  await build({ ...bundle, entryPoints: [join(folder, script)], outdir: output })
  const server = createServer(({ url = '/' }, response) => {
    const name = url === '/' ? 'index.html' : url.slice(1)
    const file = [join(output, name), join(folder, name)].find(existsSync)
    response.writeHead(file === undefined ? 404 : 200, {
      'Content-Type': types[name.split('.').at(-1)!] ?? 'application/octet-stream',
    })
    response.end(file && readFileSync(file))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { MOBILENETV2_CHROME: executablePath } = process.env
  const browser = await chromium.launch({ args: fakeCamera, ...(executablePath && { executablePath }) })
  try {
    const tab = await browser.newPage()
    const failed = new Promise<never>((_, reject) => tab.on('pageerror', reject))
    await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    const chooseFile = async (): Promise<void> => {
      const field = tab.locator('input[type=file]')
      if ((await field.count()) === 0) return
      // The page listens as soon as it has its model.
      await tab.waitForLoadState('networkidle')
      await field.setInputFiles(join(folder, 'cat.jpg'))
    }
    const shown = async (): Promise<string> => {
      await chooseFile()
      const text = await tab.waitForFunction("document.querySelector('ol, p').textContent.trim()")
      if ((await tab.locator('button').count()) > 0) await tab.click('button')
      return String(await text.jsonValue())
    }
    return await Promise.race([shown(), failed])
  } finally {
    await browser.close()
    server.close()
  }
}

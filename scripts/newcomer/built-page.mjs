import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { findChrome } from '../chrome.mjs'

const types = { html: 'text/html', js: 'text/javascript' }

/**
 * Opens a page that a bundler has built, gives its field of files a photo, and waits for the list of answers. The publisher's file comes
 * from the folder that MOBILENETV2_MODELS names, if it is there.
 * @returns the answers as the page shows them; why there are none, if no browser is installed
 */
export async function openBuiltPage(folder, photo) {
  const executablePath = findChrome()
  if (executablePath === null) return 'The page was built and not opened: there is no Chrome or Chromium.'
  const server = createServer(({ url }, response) => {
    const file = join(folder, url === '/' ? 'index.html' : url)
    const type = types[file.split('.').at(-1)] ?? 'application/octet-stream'
    response.writeHead(existsSync(file) ? 200 : 404, { 'Content-Type': type })
    response.end(existsSync(file) && readFileSync(file))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const browser = await chromium.launch({ executablePath })
  try {
    const tab = await browser.newPage()
    const failed = new Promise((_, reject) => tab.on('pageerror', reject))
    await tab.route(/\.tflite$/, (route) => {
      const path = join(process.env.MOBILENETV2_MODELS ?? '', new URL(route.request().url()).pathname.split('/').at(-1))
      return existsSync(path) ? route.fulfill({ path, headers: { 'Access-Control-Allow-Origin': '*' } }) : route.continue()
    })
    await tab.goto(`http://127.0.0.1:${server.address().port}/`)
    await tab.waitForLoadState('networkidle')
    await tab.setInputFiles('input[type=file]', photo)
    await Promise.race([tab.waitForSelector('li'), failed])
    return (await tab.locator('li').allTextContents()).join('\n')
  } finally {
    await browser.close()
    server.close()
  }
}

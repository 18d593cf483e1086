import { join } from 'node:path'
import { chromium } from 'playwright'
import { findChrome } from '../chrome.mjs'

const executablePath = findChrome() ?? undefined

/** A Chromium for pages. */
export function openBrowser() {
  return chromium.launch({ executablePath })
}

/** The text that a page writes into its `output` after a picture was chosen on it. `before` prepares the page. */
export async function askPage(browser, url, picture, before = async () => {}) {
  const page = await browser.newPage()
  const errors = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  try {
    await page.goto(url, { waitUntil: 'networkidle' })
    await before(page)
    await page.locator('input[type=file]').setInputFiles(picture)
    return await page.locator('output', { hasText: /[^…\s]/ }).textContent()
  } catch (error) {
    throw new Error([error, ...errors].join('\n'))
  } finally {
    await page.close()
  }
}

/** The title of an extension's icon after its menu item was chosen for the picture at an address. */
export async function askExtension(profile, extension, url) {
  const context = await chromium.launchPersistentContext(join(profile), {
    executablePath,
    args: [`--disable-extensions-except=${extension}`, `--load-extension=${extension}`],
  })
  try {
    const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'))
    return await worker.evaluate(async (srcUrl) => {
      const { chrome } = globalThis
      chrome.contextMenus.onClicked.dispatch({ menuItemId: 'classify', srcUrl })
      for (;;) {
        if (!['', '…'].includes(await chrome.action.getBadgeText({}))) return chrome.action.getTitle({})
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }, url)
  } finally {
    await context.close()
  }
}

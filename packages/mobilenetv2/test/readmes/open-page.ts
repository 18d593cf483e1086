import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Browser } from 'playwright'

const page = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'
const end = 'the module has ended'

/** What a page did. */
interface Outcome {
  readonly printed: string
  readonly errors: readonly string[]
}

/** Bundles a module with the packages of a project, runs it in a page whose server has the files of the project, and waits for its end. */
export async function openPage(browser: Browser, folder: string, code: string): Promise<Outcome> {
  await build({
    stdin: { contents: `${code}\nconsole.log(${JSON.stringify(end)})`, resolveDir: folder, sourcefile: 'page.js' },
    bundle: true,
    splitting: true,
    format: 'esm',
    outdir: join(folder, 'out'),
    entryNames: 'page',
    logLevel: 'error',
  })
  const tab = await browser.newPage()
  const printed: string[] = []
  const errors: string[] = []
  const ended = new Promise<void>((resolve) => {
    tab.on('console', (message) => {
      if (message.text() === end) return resolve()
      ;(message.type() === 'error' ? errors : printed).push(message.text())
    })
    tab.on('pageerror', (error) => {
      errors.push(String(error))
      resolve()
    })
  })
  await tab.route('**/*', (route) => {
    const { pathname } = new URL(route.request().url())
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: page })
    const isScript = pathname.endsWith('.js')
    const body = readFileSync(join(folder, isScript ? 'out' : '.', pathname))
    return route.fulfill({ contentType: isScript ? 'text/javascript' : 'application/octet-stream', body })
  })
  try {
    await tab.goto('http://localhost/')
    await ended
    return { printed: printed.join('\n'), errors }
  } finally {
    await tab.close()
  }
}

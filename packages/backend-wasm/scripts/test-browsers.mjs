// Runs the conformance suite of the WASM backend in Firefox, and in WebKitGTK's MiniBrowser if that is installed: on a page that is
// cross-origin isolated, and on a page that is not. The browsers have no remote control: the page posts the results of its tests.
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { browsers, launch, versionOf } from './browsers/launch.mjs'

/** On a busy machine a page takes a minute or two. */
const longestMilliseconds = 600_000

const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }

const pathOf = (name) => fileURLToPath(new URL(name, import.meta.url))

async function bundlePage() {
  const { outputFiles } = await build({
    entryPoints: [pathOf('browsers/page.mjs')],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    // The runner and the matchers of vitest without vite.
    alias: { vitest: pathOf('../../../scripts/gpu/vitest.mjs') },
    external: ['node:*'],
    write: false,
    logLevel: 'error',
  })
  return outputFiles[0].contents
}

/** Opens the page in a browser, and gives the results that it posts. */
async function runIn(browser, script, headers) {
  let finish
  const done = new Promise((resolve) => {
    finish = resolve
  })
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      finish(await json(request))
      response.end()
      return
    }
    const isScript = request.url === '/page.js'
    response.writeHead(200, { ...headers, 'Content-Type': isScript ? 'text/javascript' : 'text/html; charset=utf-8' })
    response.end(isScript ? script : '<!doctype html><script type="module" src="/page.js"></script>')
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const opened = launch(browser, `http://127.0.0.1:${server.address().port}/`)
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`no end within ${longestMilliseconds / 1000} s`)), longestMilliseconds).unref()
  })
  try {
    return await Promise.race([done, opened.ended, late])
  } finally {
    opened.close()
    server.close()
    server.closeAllConnections()
  }
}

const script = await bundlePage()
let failed = false
for (const [name, browser] of Object.entries(browsers)) {
  const version = versionOf(browser)
  if (version === null) {
    console.log(`${name} is left out: ${browser.install}`)
    // Firefox is required, because CI must run it.
    failed ||= name === 'firefox'
    continue
  }
  for (const headers of [isolation, {}]) {
    const { isolated, device, tests, failures } = await runIn(browser, script, headers)
    if (isolated !== (headers === isolation)) failures.push(`crossOriginIsolated is ${isolated}`)
    const counts = tests === null ? 'no tests' : `${tests.passed} passed, ${tests.failed} failed, ${tests.skipped} skipped`
    console.log(`${version}, ${isolated ? '' : 'not '}isolated: ${counts} (${device})`)
    for (const failure of failures) console.error(`  ${failure}`)
    failed ||= failures.length > 0
  }
}
process.exit(failed ? 1 : 0)

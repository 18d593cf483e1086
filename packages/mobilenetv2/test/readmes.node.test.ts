import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPage } from './readmes/open-page.js'
import { createProject, isInstallable, node } from './readmes/project.js'
import { pageCode, readmes } from './readmes/readmes.js'

const run = promisify(execFile)
const onlyInNode = [
  '@mobilenetv2/backend-node-cuda',
  '@mobilenetv2/backend-onnxruntime',
  '@mobilenetv2/index',
  '@mobilenetv2/queue',
]
/** What some READMEs need that is too large for the workspace, and the command that runs them with it. */
const runtimes: Readonly<Record<string, readonly [runtime: string, command: string]>> = {
  '@mobilenetv2/backend-onnxruntime': ['onnxruntime-node', 'npm run test:packed'],
  '@mobilenetv2/index': ['@lancedb/lancedb', 'npm run test:index'],
  '@mobilenetv2/queue': ['bullmq', 'npm run test:queue'],
}
const onlyInPages = ['@mobilenetv2/backend-webgpu']
const withoutBrowser = Boolean(process.env.MOBILENETV2_NODE_ONLY)

/** npm installs hundreds of megabytes for some READMEs, and they are removed again. */
const hookTimeout = 300_000

const folder = mkdtempSync(join(tmpdir(), 'mobilenetv2-readmes-'))
let browser: Browser
beforeAll(async () => {
  if (withoutBrowser) return
  const { MOBILENETV2_CHROME: executablePath } = process.env
  browser = await chromium.launch({ args: ['--enable-unsafe-webgpu'], ...(executablePath && { executablePath }) })
}, hookTimeout)
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true })
}, hookTimeout)

describe.each(readmes)('the README of $name', (readme) => {
  const { name, prints } = readme
  const project = join(folder, name.replace('/', '-'))
  beforeAll(() => createProject(project, readme), hookTimeout)
  afterAll(() => rmSync(project, { recursive: true }), hookTimeout)

  /** Each value that the code says it prints is a line, in their order. */
  const expectPrinted = (printed: string): void => {
    expect(printed.trim()).not.toBe('')
    expect(printed.split('\n').filter((line) => prints.includes(line))).toEqual(prints)
  }

  const [runtime, command] = runtimes[name] ?? []
  const lacksRedis = runtime === 'bullmq' && process.env.MOBILENETV2_QUEUE === undefined
  const lacksRuntime = lacksRedis || (runtime !== undefined && !isInstallable(runtime))
  const leftOut = lacksRuntime ? ` [left out: ${runtime} is not installed; ${command} installs it]` : ''
  it.skipIf(onlyInPages.includes(name) || lacksRuntime)(`runs in Node${leftOut}`, async () => {
    expectPrinted((await run(node, ['program.mjs'], { cwd: project })).stdout)
  })

  it('gives its exports to require, as to import', async () => {
    const program = `const required = Object.keys(require('${name}')).join()
      import('${name}').then((imported) => console.log(required === Object.keys(imported).join()))`
    expect((await run(node, ['--no-warnings', '-e', program], { cwd: project })).stdout).toBe('true\n')
  })

  it.skipIf(withoutBrowser || onlyInNode.includes(name))('runs in a page', async () => {
    const { printed, errors } = await openPage(browser, project, pageCode(readme))
    expect(errors).toEqual([])
    expectPrinted(printed)
  })
})

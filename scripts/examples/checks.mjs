// Runs each example, and checks its answer.
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { basename, join } from 'node:path'
import { askExtension, askPage } from './browser.mjs'
import { loadFrom } from './prepare.mjs'
import { run, whileServed } from './processes.mjs'

/** The largest allowed difference from Node's answer, in percent. A browser's decoder and another backend may differ a little. */
const tolerance = 0.5

/** @param text a label and its percent, and maybe more on the lines after */
function checkText(text, { label, probability }) {
  const [, said, percent] = /^(.*?) ([\d.]+) %/.exec(text ?? '') ?? assert.fail(`No answer: ${text}`)
  assert.equal(said, label)
  assert.ok(Math.abs(percent - 100 * probability) <= tolerance, `${percent} % is not ${100 * probability} %`)
}

/** Puts the model among the files of a page. The page's scripts then load it from there. */
function giveModel(folder, scripts, served, { model }) {
  const name = basename(model)
  mkdirSync(join(folder, served), { recursive: true })
  cpSync(model, join(folder, served, name))
  for (const script of scripts) loadFrom(folder, script, `/${name}`)
}

/** A page on which somebody chooses a picture. */
function page(scripts, served, more = () => {}) {
  return async (folder, material, { browser }) => {
    giveModel(folder, scripts, served, material)
    const text = await whileServed(folder, (url) => askPage(browser, url, material.picture))
    checkText(text, material.best)
    more(text)
  }
}

/** Runs the example's own tests. */
async function ownTest(folder, { model }) {
  loadFrom(folder, 'caption.test.js', model)
  await run(folder, 'npm', 'test')
}

async function nodeScript(folder, { model, picture, best }) {
  loadFrom(folder, 'classify.mjs', model)
  const text = await run(folder, 'npm', 'start', '--silent', '--', picture)
  assert.ok(text.startsWith(`${picture}: `), text)
  checkText(text.slice(picture.length + 2), best)
}

async function upload(url, bytes) {
  const response = await fetch(url, { method: 'POST', body: bytes, headers: { 'content-type': 'image/png' } })
  return { status: response.status, body: await response.json() }
}

/** Checks a route: it must answer an upload, and must refuse a file that is no picture with a message that says what to do. */
async function checkRoute(url, { picture, best }) {
  const { status, body } = await upload(url, readFileSync(picture))
  assert.equal(status, 200)
  assert.deepEqual({ label: body[0].label, percent: Math.round(100 * body[0].probability) }, asPercent(best))
  const refused = await upload(url, 'no picture')
  assert.equal(refused.status, 415)
  assert.match(refused.body.error, /picture/)
}

const asPercent = ({ label, probability }) => ({ label, percent: Math.round(100 * probability) })

async function expressUpload(folder, material, { browser }) {
  loadFrom(folder, 'server.mjs', material.model)
  await whileServed(folder, async (url) => {
    await checkRoute(`${url}classify`, material)
    checkText(await askPage(browser, url, material.picture), material.best)
  })
}

async function chromeExtension(folder, material) {
  giveModel(folder, ['background.js'], 'dist', material)
  await run(folder, 'npm', 'run', 'build')
  const server = createServer((_request, response) => response.end(readFileSync(material.picture))).listen(0)
  try {
    const title = await askExtension(join(folder, 'profile'), join(folder, 'dist'), `http://localhost:${server.address().port}/`)
    assert.equal(title, material.best.label)
  } finally {
    server.close()
  }
}

async function nextjs(folder, material, { browser }) {
  giveModel(folder, ['app/page.jsx'], 'public', material)
  loadFrom(folder, 'app/classify/route.js', material.model)
  await run(folder, 'npm', 'run', 'build')
  await whileServed(folder, async (url) => {
    await checkRoute(`${url}classify`, material)
    for (const way of ['in the browser', 'on the server']) {
      const choose = (opened) => opened.getByLabel('Where').selectOption(way)
      checkText(await askPage(browser, url, material.picture, choose), material.best)
    }
  })
}

/** The check of each example, by its name. */
export const checks = {
  'node-script': nodeScript,
  'express-upload': expressUpload,
  'plain-page': page(['index.html'], '.'),
  'content-security-policy': page(['page.js'], 'dist'),
  'worker-with-threads': page(['worker.js'], 'public', (text) => assert.match(text, /\d threads/)),
  'service-worker': page(['service-worker.js'], 'dist'),
  'chrome-extension': chromeExtension,
  vitest: ownTest,
  jest: ownTest,
  'vite-react': page(['src/use-answers.js'], 'public'),
  nextjs,
}

/** Examples that take more than half a minute, most of it to install and to build. */
export const slow = ['nextjs']

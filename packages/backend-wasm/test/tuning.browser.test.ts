import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { afterEach, expect, it, vi } from 'vitest'
import { simdLevel } from '../src/codegen/simd-level.js'
import { engine } from '../src/host/host.browser.js'
import { wasm } from '../src/index.js'
import { recallTile } from '../src/tuning/remembered.js'
import { tunings } from '../src/tuning/tuning.js'

const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 10 })
const remembered = (): string | undefined => Object.keys(localStorage).find((name) => name.startsWith('mobilenetv2 tuning'))

afterEach(() => {
  vi.unstubAllGlobals()
  localStorage.clear()
})

it('a page measures once, after its first model, and remembers what it found', { timeout: 30_000 }, async () => {
  localStorage.clear()
  using _model = await wasm({ threads: 1 }).compile(architecture, seededParameters(architecture))
  await vi.waitFor(() => expect(remembered()).toContain(simdLevel()), { timeout: 20_000, interval: 100 })
  const { tilePixels, userAgent } = JSON.parse(localStorage.getItem(remembered()!)!)
  expect(userAgent).toBe(navigator.userAgent)
  expect(tunings.map((tuning) => tuning.tilePixels)).toContain(tilePixels)
})

it.each(['rubbish', '{}', '{"userAgent":"another","tilePixels":2}', '{"tilePixels":"x"}'])(
  'a stored value is ignored if it is %s',
  (kept) => {
    localStorage.setItem('mobilenetv2 tuning relaxed-simd', kept)
    // A level that this page has not measured.
    localStorage.setItem('mobilenetv2 tuning simd', kept)
    expect(recallTile('simd')).toBeUndefined()
  },
)

it.each([
  ['V8', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36'],
  ['SpiderMonkey', 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0'],
  [
    'JavaScriptCore',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
  ],
  [
    'JavaScriptCore',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1',
  ],
])('%s is recognised by the user agent', (name, userAgent) => {
  vi.stubGlobal('navigator', { userAgent })
  expect(engine()).toBe(name)
})

import { expect, test } from 'vitest'
import { bytes, milliseconds } from '../src/report/format.js'
import { renderHtml } from '../src/report/html.js'
import { nameStep, nameStepShort } from '../src/report/profile-section.js'
import { scaleEnd } from '../src/report/scale.js'
import { ticks } from '../src/report/svg.js'
import { bar, renderTables } from '../src/report/table.js'
import { sampleReport } from './sample-report.js'

test('figures have about three significant digits', () => {
  expect([1.234, 12.34, 123.4, null].map(milliseconds)).toEqual(['1.23 ms', '12.3 ms', '123 ms', '–'])
  expect([12_000, 277_000, 2.9e6, 25e9].map(bytes)).toEqual(['12.0 kB', '277 kB', '2.9 MB', '25.0 GB'])
})

test('a bar beyond the scale ends in an arrow', () => {
  expect(bar(1, 1)).toBe('█'.repeat(24))
  expect(bar(0.5, 1)).toBe('█'.repeat(12))
  expect(bar(3, 1)).toBe(`${'█'.repeat(23)}▶`)
})

test('a scale ends at the largest that is in proportion', () => {
  expect(scaleEnd([10, 20, 59, 1500])).toBe(59)
})

test('ticks are round and reach the largest value', () => {
  expect(ticks(1.31)).toEqual([0, 0.5, 1, 1.5])
  expect(ticks(80)).toEqual([0, 20, 40, 60, 80])
})

test('steps are named by block', () => {
  expect(nameStep(['stem', 'block1.depthwise', 'block1.project'])).toBe('stem, block 1: depthwise, project')
  expect(nameStepShort(['stem', 'block1.depthwise', 'block1.project'])).toBe('stem, block 1')
  expect(nameStepShort(['block8.expand', 'block8.depthwise'])).toBe('block 8: expand, depthwise')
  expect(nameStepShort(['block8.project'])).toBe('block 8: project')
})

test('the table has a row for what ran and a line for what did not', () => {
  const text = renderTables(sampleReport)
  expect(text).toContain('MobileNetV2 1.0, 224 x 224, batch 1')
  expect(text).toContain('Chromium 156, 1 thread; peak of one thread: 58.1 GFLOP/s with f32x4.relaxed_madd')
  expect(text).toMatch(/^ {2}wasm +12\.5 ms +12\.1 ms +12\.2 – 13\.4 ms +1\.00 x +83 % +110 ms +12\.0 kB +27\.0 MB {2}█/m)
  expect(text).toMatch(/^ {2}tfjs-cpu .*▶$/m)
  expect(text).toMatch(/^ {2}litert-int8: not there/m)
  expect(text).toMatch(/^litert-int8: other weights$/m)
  expect(text).toContain('  Chromium 156, batch  1: 13.0 ms (1.00 x)  2: 26.0 ms (1.00 x)')
})

test('the page needs nothing but itself', () => {
  const page = renderHtml(sampleReport)
  expect(page).not.toMatch(/<(script|link|img|iframe|object|embed|audio|video)\b/i)
  expect(page).not.toMatch(/\b(src|href|srcset|action)\s*=/i)
  expect(page).not.toMatch(/url\(|@import|https?:/i)
})

test('the page shows every chart, and escapes what it is given', () => {
  const page = renderHtml(sampleReport)
  for (const title of ['Latency', 'Cold start', 'Download', 'Peak memory', 'Layer by layer', 'Scaling', 'All figures']) {
    expect(page).toContain(`<h2>${title}</h2>`)
  }
  expect(page).toContain('&#60;script&#62;')
  expect(page).not.toContain('NaN')
  expect(page).toContain('color-scheme: light dark')
})

test('the page is well formed', () => {
  const open: string[] = []
  for (const [, slash, name] of renderHtml(sampleReport).matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/gi)) {
    if (name === 'meta') continue
    if (slash === '/') expect(open.pop()).toBe(name)
    else open.push(name!)
  }
  expect(open).toEqual([])
})

test('a report without figures is still a report', () => {
  const page = renderHtml({
    ...sampleReport,
    peaks: [],
    peak: { gflops: null },
    results: sampleReport.results.slice(3),
    scaling: [],
  })
  expect(page).toContain('All figures')
  expect(page).not.toContain('Infinity')
})

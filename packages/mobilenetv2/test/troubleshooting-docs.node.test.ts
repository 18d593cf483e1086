import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCodes } from '@mobilenetv2/spec'
import { expect, it } from 'vitest'
import { root } from './docs/pages.js'

const path = join(root, 'docs/troubleshooting.md')
const text = readFileSync(path, 'utf8')

it('has a section for each code, with its meaning and what to do (npx vitest run troubleshooting -u writes these)', async () => {
  const sections = Array.from(text.matchAll(/^## ([A-Z]+)$/gm), ([, code]) => code)
  expect(sections).toEqual(Object.keys(errorCodes))
  const written = Object.entries(errorCodes).reduce(
    (page, [code, { meaning, remedy }]) => page.replace(new RegExp(`^(## ${code}\n).*$`, 'm'), `$1${meaning} ${remedy}`),
    text,
  )
  await expect(written).toMatchFileSnapshot(path)
})

it('quotes messages that are in the sources', () => {
  const sources = readdirSync(join(root, 'packages')).flatMap((name) => {
    const folder = join(root, 'packages', name, 'src')
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(folder, file), 'utf8'))
  })
  const quoted = Array.from(text.matchAll(/^\| `([^`]+)` \|/gm), ([, message]) => message!)
  expect(quoted.length).toBeGreaterThan(30)
  expect(quoted.filter((message) => !sources.some((source) => source.includes(message)))).toEqual([])
})

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { zooTable } from '../src/index.js'

const path = new URL('../../../docs/models.md', import.meta.url).pathname
const [begin, end] = [
  '<!-- the zoo: written by `npx vitest run models-document -u` in packages/zoo -->\n',
  '\n<!-- end of the zoo -->',
]

it('docs/models.md has the zoo as it is (npx vitest run models-document -u writes it)', async () => {
  const document = readFileSync(path, 'utf8')
  const [before, after] = [document.indexOf(begin) + begin.length, document.indexOf(end)]
  expect(document.indexOf(begin)).toBeGreaterThan(0)
  await expect(document.slice(0, before) + zooTable() + document.slice(after)).toMatchFileSnapshot(path)
})

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from './docs/pages.js'

const page = 'docs/architecture.md'
const text = readFileSync(join(root, page), 'utf8')

/** The names on the arrows of the first diagram. */
const arrows = Array.from(/```\n([\s\S]*?)```/.exec(text)![1]!.matchAll(/──(.+?)──▶/g)).flatMap(([, names]) => names!.split(', '))

/** The files that the rows of the table of arrows link first, by name. */
const files = new Map(
  Array.from(text.matchAll(/^\| ((?:`\w+`(?:, )?)+) \| \[`[^`]+`\]\(([^)]+)\)/gm)).flatMap(([, names, file]) =>
    Array.from(names!.matchAll(/\w+/g), ([name]) => [name, file!] as const),
  ),
)

it.each(arrows)('the arrow %s leads to the function of its name', (name) => {
  const source = readFileSync(join(root, dirname(page), files.get(name) ?? ''), 'utf8')
  expect(source).toMatch(new RegExp(`^(export (async )?function|  )\\s*${name}[<(]`, 'm'))
})

it('no row is of another arrow', () => {
  expect([...files.keys()].sort()).toEqual([...new Set(arrows)].sort())
})

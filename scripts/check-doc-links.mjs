// Checks the links of the pages. Every link must lead to a file of this repository, and to a heading in it if it names one. Every page of
// docs must be reached from README.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { anchors, links, listPages } from './docs/markdown.mjs'

const root = new URL('..', import.meta.url).pathname
const pages = new Map(listPages(root).map((page) => [page, readFileSync(join(root, page), 'utf8')]))
const problems = []

/** The file that a link of a page leads to, or the page itself; null for an address elsewhere. */
function targetOf(page, link) {
  if (/^[a-z]+:/.test(link)) return null
  const [path] = link.split('#')
  const target = path === '' ? page : normalize(join(dirname(page), decodeURIComponent(path)))
  return existsSync(join(root, target)) && statSync(join(root, target)).isDirectory() && pages.has(join(target, 'README.md'))
    ? join(target, 'README.md')
    : target.replace(/\/$/, '')
}

const reached = new Set(['README.md'])
for (const page of reached) {
  for (const link of links(pages.get(page) ?? '')) {
    const target = targetOf(page, link)
    if (target !== null && pages.has(target)) reached.add(target)
  }
}
for (const [page, text] of pages) {
  if (page.startsWith('docs') && !reached.has(page)) problems.push(`${page}: no link leads here from README.md`)
  for (const link of links(text)) {
    const target = targetOf(page, link)
    if (target === null) continue
    const [, anchor] = link.split('#')
    if (!existsSync(join(root, target))) problems.push(`${page}: there is no ${link}`)
    else if (anchor && pages.has(target) && !anchors(pages.get(target)).includes(decodeURIComponent(anchor))) {
      problems.push(`${page}: there is no heading ${link}`)
    }
  }
}
for (const problem of problems) console.error(problem)
process.exitCode = problems.length > 0 ? 1 : 0

// `npm run docs`: the pages of this repository as a static site in `site`, and a check of every link in it. No page has a script.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { listPages } from './docs/markdown.mjs'
import { brokenLinks } from './site/broken-links.mjs'
import { readOrder } from './site/order.mjs'
import { renderPage } from './site/render.mjs'
import { page } from './site/template.mjs'

const root = new URL('..', import.meta.url).pathname
const site = join(root, 'site')
const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const host = repository.url.replace(/^git\+/, '').replace(/\.git$/, '')

const sources = listPages(root)

/** The path of a page in the site. The README of a folder becomes the folder's index. */
function placeOf(source) {
  return source.replace(/README\.md$/, 'index.html').replace(/\.md$/, '.html')
}

/** The target of a page's link in the site. A link to a source file leads to the repository's host. */
function linkOf(source, link, files) {
  if (/^[a-z]+:/.test(link) || link.startsWith('#')) return link
  const [path, anchor] = link.split('#')
  const behind = anchor === undefined ? '' : `#${anchor}`
  const target = normalize(join(dirname(source), decodeURIComponent(path))).replace(/\/$/, '')
  const known = [target, join(target, 'README.md')].find((each) => sources.includes(each))
  if (known !== undefined) return `${relative(dirname(source), placeOf(known))}${behind}`
  if (/\.(svg|png|jpg|webp)$/.test(target)) {
    files.add(target)
    return link
  }
  const kind = existsSync(join(root, target)) && statSync(join(root, target)).isDirectory() ? 'tree' : 'blob'
  return `${host}/${kind}/main/${target}${behind}`
}

rmSync(site, { recursive: true, force: true })
const api = join(root, 'api')
const hasApi = existsSync(join(api, 'index.html'))
const groups = readOrder(readFileSync(join(root, 'docs/README.md'), 'utf8'), 'docs')
if (hasApi) groups.at(-1).links.push({ title: 'API reference', target: 'api/index.html' })
const files = new Set()
for (const source of sources) {
  const text = readFileSync(join(root, source), 'utf8')
  const { title, body, sections } = renderPage(text, (link) => linkOf(source, link, files))
  const place = placeOf(source)
  const toSite = (path) => relative(dirname(place), path) || '.'
  const html = page({ source, place, title, body, sections, toSite, groups, placeOf })
  mkdirSync(dirname(join(site, place)), { recursive: true })
  writeFileSync(join(site, place), html)
}
for (const file of files) cpSync(join(root, file), join(site, file))
cpSync(join(root, 'scripts/site/style.css'), join(site, 'style.css'))
if (hasApi) cpSync(api, join(site, 'api'), { recursive: true })

const broken = brokenLinks(site)
for (const problem of broken) console.error(problem)
console.log(`${sources.length} pages in site/${hasApi ? ', with the API reference' : '; npm run docs:api makes the API reference'}`)
process.exitCode = broken.length > 0 ? 1 : 0

// Reads the parts of Markdown pages that tests and scripts need.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The pages that users read, by their paths from the root. */
export function listPages(root) {
  const inFolder = (folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .map((name) => join(folder, name))
      .filter((path) => path.endsWith('.md'))
  const atRoot = readdirSync(root).filter((name) => name.endsWith('.md'))
  const beside = ['apps', 'packages'].flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
  const readmes = [...beside, 'examples'].map((folder) => join(folder, 'README.md')).filter((path) => existsSync(join(root, path)))
  return [...atRoot, ...inFolder('docs'), ...readmes].sort()
}

/** The fenced blocks of a page: language, code without its indentation, and the line on which the code starts, from 1. */
export function codeBlocks(text) {
  return Array.from(text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm), ({ index, 1: indent, 2: language, 3: code }) => ({
    language,
    code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    line: text.slice(0, index).split('\n').length + 1,
  }))
}

/** The name of the file for which a block is, if its first line is a comment with only that name; else null. */
export function fileNameOf(code) {
  return /^(?:\/\/|<!--) ([\w-]+\.\w+)(?: -->)?\n/.exec(code)?.[1] ?? null
}

const withoutCode = (text) => text.replaceAll(/^( *)```[\s\S]*?^\1```$/gm, (block) => block.replaceAll(/[^\n]/g, ''))

/** The headings of a page: their level and text. */
export function headings(text) {
  return Array.from(withoutCode(text).matchAll(/^(#{1,6}) (.+)$/gm), ([, marks, title]) => ({ level: marks.length, title }))
}

/** The link targets of a page, pictures included. */
export function links(text) {
  return Array.from(withoutCode(text).matchAll(/\]\(([^)\s]+)[^)]*\)/g), ([, target]) => target)
}

/** The anchor that Git hosts give a heading. The second of two equal ones gets `-1`, and so on. */
export function anchors(text) {
  const seen = new Map()
  return headings(text).map(({ title }) => {
    const plain = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '')
    const slug = plain
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-')
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    return count === 0 ? slug : `${slug}-${count}`
  })
}

// Checks the translations. A translation must have the heading levels of its original in the same order, and the same code. Comments in
// code may be translated.
import { readFileSync } from 'node:fs'
import { codeBlocks, headings } from './docs/markdown.mjs'

const translations = [
  ['README.md', 'README.ko.md'],
  ['docs/network.md', 'docs/ko/network.md'],
]

const root = new URL('..', import.meta.url)
const read = (path) => readFileSync(new URL(path, root), 'utf8')

/** A block without its comments and the spaces before them, which may differ. Comments that state what the program prints are kept. */
function withoutComments({ language, code }) {
  const comment = language === 'sh' ? /\s+# .*$/gm : /\s*\/\/ (?!→).*$/gm
  return `${language}\n${code.replaceAll(comment, '').replaceAll(/ +(?=\/\/ →)/g, ' ')}`
}

const problems = []
for (const [original, translation] of translations) {
  const [left, right] = [read(original), read(translation)]
  const compare = (what, of) => {
    const [there, here] = [of(left), of(right)]
    const first = Math.max(there.length, here.length)
    for (let index = 0; index < first; index++) {
      if (there[index] === here[index]) continue
      problems.push(`${translation}: ${what} ${index + 1} is not that of ${original}: ${here[index] ?? 'missing'}`)
      return
    }
  }
  compare('the level of heading', (text) => headings(text).map(({ level }) => level))
  compare('block of code', (text) => codeBlocks(text).map(withoutComments))
}
for (const problem of problems) console.error(problem)
process.exitCode = problems.length > 0 ? 1 : 0

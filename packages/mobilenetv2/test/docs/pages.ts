import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type CodeBlock, codeBlocks, listPages } from '../../../../scripts/docs/markdown.mjs'

/** The folder of the workspace. */
export const root: string = fileURLToPath(new URL('../../../..', import.meta.url))

/** A page with its blocks of code. */
export interface Page {
  readonly path: string
  readonly blocks: readonly CodeBlock[]
}

/** Translations have the code of their originals, which `npm run check` compares. */
const isTranslation = (path: string): boolean => /(^|\/)ko\/|\.ko\.md$/.test(path)

/** READMEs of packages have a test of their own, with the packages as they are packed. */
const isOfPackage = (path: string): boolean => path.startsWith('packages')

/** Every page whose code is run. */
export const pages: readonly Page[] = listPages(root)
  .filter((path) => !isTranslation(path) && !isOfPackage(path))
  .map((path) => ({ path, blocks: codeBlocks(readFileSync(`${root}/${path}`, 'utf8')) }))
  .filter(({ blocks }) => blocks.length > 0)

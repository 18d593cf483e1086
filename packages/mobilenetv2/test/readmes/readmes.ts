import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What the README of a published package promises. */
export interface Readme {
  readonly name: string
  /** The packages of its install line. */
  readonly installs: readonly string[]
  /** A module for Node, which reads files of the current folder. */
  readonly code: string
  /** The values that comments behind `console.log` say are printed, a line each. */
  readonly prints: readonly string[]
}

const packages = fileURLToPath(new URL('../../../', import.meta.url))

function blockOf(text: string, language: string): string {
  const blocks = Array.from(text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)).filter(([, name]) => name === language)
  if (blocks.length !== 1) throw new Error(`${blocks.length} blocks of ${language}; a README of a package has one`)
  return blocks[0]![2]!
}

function read(folder: string): Readme[] {
  const { name, private: isPrivate } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  if (isPrivate) return []
  const text = readFileSync(join(folder, 'README.md'), 'utf8')
  const code = blockOf(text, 'js')
  return [
    {
      name,
      installs: blockOf(text, 'sh').trim().split(' ').slice(2),
      code,
      prints: Array.from(code.matchAll(/console\.log\(.*\/\/ (\S.*)$/gm), ([, printed]) => printed!),
    },
  ]
}

/** The README of every published package. */
export const readmes: readonly Readme[] = readdirSync(packages)
  .map((name) => join(packages, name))
  .filter((folder) => existsSync(join(folder, 'package.json')))
  .flatMap(read)

/** The same module for a page: files come from its server. */
export function pageCode({ code }: Readme): string {
  return code
    .replace(/^import .* from 'node:fs\/promises'\n/m, '')
    .replaceAll(/await readFile\(('[^']*')\)/g, 'new Uint8Array(await (await fetch($1)).arrayBuffer())')
}

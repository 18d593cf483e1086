import { execFile } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { transform } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CodeBlock, fileNameOf } from '../../../scripts/docs/markdown.mjs'
import { codeNotRun, commandsLeftOut } from './docs/exceptions.js'
import { makeFolder, standIn } from './docs/files.js'
import { complete } from './docs/given.js'
import { openPage } from './docs/open-page.js'
import { pages, root } from './docs/pages.js'
import { modelsFolder } from './real-models.js'
import { cli } from './run-cli.js'
import { compilers } from './types/compilers.js'

/** A program or command may teach or quantise a network, on a busy machine. */
const longest = 600_000

interface Line {
  readonly command: string
  readonly line: number
}

/** Commands of a block, one a line. */
function commandsOf({ code, line }: CodeBlock): Line[] {
  return code.split('\n').flatMap((command, index) => (command.trim() === '' ? [] : [{ command, line: line + index }]))
}

const isProgram = ({ language }: CodeBlock): boolean => language === 'ts' || language === 'js'
const isForPage = ({ code }: CodeBlock): boolean => /\bdocument\./.test(code)
const reasonNotToRun = ({ code }: CodeBlock): string | undefined => codeNotRun.find(([pattern]) => pattern.test(code))?.[1]
const reasonLeftOut = ({ command }: Line): string | undefined => commandsLeftOut.find(([pattern]) => pattern.test(command))?.[1]

/** `load()` takes ImageNet's model if it is at hand. Otherwise, and in pages, it takes a stand-in network. */
const withModel = (code: string, real: boolean): string => (real ? code : code.replaceAll('load()', `load('${standIn}')`))

/**
 * Defines the commands `mobilenetv2` and `npx mobilenetv2`. If no model is named and ImageNet's is not at hand, they take the stand-in
 * network.
 */
const prelude = `
mobilenetv2() {
  local model=()
  case " $* " in (*" --model "*) ;; (*)
    case "$1" in (classify|embed|similar|index|sort|explain|bench|teach|evaluate) [ -n "$MOBILENETV2_MODELS" ] || model=(--model ${standIn}) ;; esac
  esac
  '${process.execPath}' '${cli}' "$@" "\${model[@]}"
}
npx() { "$@"; }
`

function inFolder(folder: string, file: string, ...parameters: string[]): Promise<string> {
  const env = { ...process.env, NO_COLOR: '1', MOBILENETV2_MODELS: modelsFolder ?? '' }
  return new Promise((resolve, reject) => {
    execFile(file, parameters, { cwd: folder, env, encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`${error.message}\n${stdout}\n${stderr}`))
    })
  })
}

/** The lines that a block promises to print: the texts behind its arrows. */
function promised({ code }: CodeBlock): string[] {
  return Array.from(code.matchAll(/\/\/ → (.*)$/gm), ([, text]) => text!)
}

async function runProgram(folder: string, block: CodeBlock): Promise<void> {
  const whole = complete(withModel(block.code, modelsFolder !== undefined))
  const { code } = await transform(whole.code, { loader: 'ts', format: 'esm', target: 'es2022' })
  const name = fileNameOf(block.code)
  // A program that a command runs later.
  if (name !== null) writeFileSync(join(folder, name), code)
  const program = `block-${block.line}.mjs`
  writeFileSync(join(folder, program), code)
  const printed = await inFolder(folder, process.execPath, program)
  const lines = promised(block)
  if (lines.length > 0)
    expect(
      printed
        .split('\n')
        .filter((line) => line !== '')
        .slice(0, lines.length),
    ).toEqual(lines)
}

/** The tests of a block with their titles; none if the block is left out. */
function testsOf(
  path: string,
  block: CodeBlock,
): { readonly title: string; readonly run: (folder: string) => void | Promise<void> }[] {
  const name = fileNameOf(block.code)
  const place = `${path}:${block.line}`
  if (block.language === 'html' && name === null && reasonNotToRun(block) !== undefined) return []
  if (block.language === 'html') {
    const run = (folder: string): void => writeFileSync(join(folder, name!), block.code)
    return [{ title: `${place} is a page for the script behind it`, run }]
  }
  if (block.language === 'sh') {
    return commandsOf(block)
      .filter((line) => reasonLeftOut(line) === undefined)
      .map(({ command, line }) => ({
        title: `${path}:${line} ${command}`,
        run: async (folder) => {
          expect(await inFolder(folder, 'bash', '-c', `${prelude}${command}`)).not.toBe('')
        },
      }))
  }
  if (!isProgram(block)) return []
  if (isForPage(block)) {
    if (process.env.MOBILENETV2_NODE_ONLY) return []
    const run = async (folder: string): Promise<void> => {
      writeFileSync(join(folder, name!), withModel(block.code, false))
      expect(await openPage(folder, name!)).toMatch(/\d+ (%|ms)/)
    }
    return [{ title: `${place} shows an answer in Chromium`, run }]
  }
  return reasonNotToRun(block) === undefined ? [{ title: `${place} runs`, run: (folder) => runProgram(folder, block) }] : []
}

const tested = pages
  .map(({ path, blocks }) => ({ path, tests: blocks.flatMap((block) => testsOf(path, block)) }))
  .filter(({ tests }) => tests.length > 0)

describe.each(tested)('$path', ({ path, tests }) => {
  let folder: string
  beforeAll(async () => {
    // ImageNet's model knows these classes by name; a taught model knows cats and dogs.
    folder = await makeFolder(path === 'README.md' ? ['tabby', 'beagle'] : ['cat', 'dog'])
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  for (const { title, run } of tests) it(title, { timeout: longest }, () => run(folder))
})

describe('all pages', () => {
  const all = pages.flatMap(({ path, blocks }) => blocks.map((block) => ({ path, block })))

  it('have blocks of known languages, and no command in a block without one', () => {
    const unknown = all.filter(({ block: { language } }) => !['', 'ts', 'js', 'sh', 'html'].includes(language))
    const unlabelled = all.filter(
      ({ block: { language, code } }) => language === '' && /^(npm|npx|node|mobilenetv2|import|export) /m.test(code),
    )
    expect([...unknown, ...unlabelled].map(({ path, block }) => `${path}:${block.line}`)).toEqual([])
  })

  it('name commands of npm and scripts that are there', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Readonly<Record<string, string>>
    }
    const code = all.map(({ block }) => block.code).join('\n')
    const names = Array.from(code.matchAll(/\bnpm run (?:-s )?([\w:]+)/g), ([, name]) => name!)
    expect(names.filter((name) => !(name in scripts))).toEqual([])
    const files = Array.from(code.matchAll(/^node (scripts\/\S+)/gm), ([, file]) => file!)
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
  })

  it.each([...commandsLeftOut, ...codeNotRun])('need the exception %s: %s', (pattern) => {
    const texts = all.flatMap(({ block }) =>
      block.language === 'sh' ? commandsOf(block).map(({ command }) => command) : [block.code],
    )
    expect(texts.some((text) => pattern.test(text))).toBe(true)
  })

  it('compile with their types', { timeout: longest }, async () => {
    const folder = await makeFolder(['cat', 'dog'])
    const found: string[] = []
    const written = all.filter(({ block }) => block.language === 'ts')
    const files = written.map(({ path, block }) => {
      const { code, before } = complete(block.code)
      const file = `${path.replaceAll(/\W/g, '-')}-${block.line - before}.ts`
      // A block that ends with an import alone would be no module.
      writeFileSync(join(folder, file), `${code}\nexport {}\n`)
      return file
    })
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    const compilerOptions = {
      module: 'nodenext',
      target: 'ES2022',
      lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
      types: ['node'],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      preserveSymlinks: false,
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
    found.push(...(await compilers.at(-1)!.errors(join(folder, 'tsconfig.json'))))
    rmSync(folder, { recursive: true })
    expect(found).toEqual([])
  })
})

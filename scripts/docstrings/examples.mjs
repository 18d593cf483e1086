// Checks the examples of all docstrings. Every example is type-checked against the built packages, as a user's program would be. Examples
// that state a value (`expression // => value`) are run.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import ts from 'typescript'

const compilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: ['node'],
  strict: true,
  skipLibCheck: true,
  noEmit: true,
}

const codeOf = (comment) => Array.from(comment.matchAll(/```ts\n([\s\S]*?)```/g), ([, code]) => code)

/** Every example in the docstrings of a source: its code and its place. */
export function examplesIn(file, whereIs) {
  const found = []
  const visit = (node) => {
    for (const tag of (node.jsDoc ?? []).flatMap(({ tags = [] }) => [...tags])) {
      if (tag.tagName.text !== 'example') continue
      for (const code of codeOf(ts.getTextOfJSDocComment(tag.comment) ?? '')) found.push({ code, where: whereIs(tag) })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** The compiler's errors in the examples. Each example is a module in the repository's folder. */
export function typeProblems(examples, root) {
  const texts = new Map(examples.map((example, index) => [join(root, `example-${index}.ts`), example]))
  const host = ts.createCompilerHost(compilerOptions)
  const { getSourceFile, fileExists, readFile } = host
  host.getCurrentDirectory = () => root
  host.fileExists = (path) => texts.has(path) || fileExists(path)
  host.readFile = (path) => texts.get(path)?.code ?? readFile(path)
  host.getSourceFile = (path, ...rest) => {
    const example = texts.get(path)
    return example === undefined ? getSourceFile(path, ...rest) : ts.createSourceFile(path, example.code, ...rest)
  }
  const program = ts.createProgram([...texts.keys()], compilerOptions, host)
  return [...texts].flatMap(([path, { where, code }]) => {
    const file = program.getSourceFile(path)
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(({ start, messageText }) => {
      const { line } = file.getLineAndCharacterOfPosition(start)
      return `${where}: the example \`${code.split('\n')[line].trim()}\`: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
    })
  })
}

/** The example with a check in place of each line that states a value. */
const checked = (code) =>
  code.replace(/^(.+?)\s*\/\/ => (.+)$/gm, (_, expression, value) => `states(${expression}, ${JSON.stringify(value)})`)

/** Runs the examples that state values. Gives the differences, and the number of values that were compared. */
export async function valueProblems(examples, root) {
  const problems = []
  let values = 0
  const folder = join(root, 'node_modules/.cache/docstring-examples')
  mkdirSync(folder, { recursive: true })
  for (const [index, { code, where }] of examples.entries()) {
    if (!code.includes('// => ')) continue
    const file = join(folder, `${index}.mjs`)
    const { outputText } = ts.transpileModule(checked(code), {
      compilerOptions: { ...compilerOptions, module: ts.ModuleKind.ESNext },
    })
    writeFileSync(file, outputText)
    globalThis.states = (value, expected) => {
      values++
      const got = inspect(value, { breakLength: Infinity, compact: true, depth: 5 })
      if (got !== expected) problems.push(`${where}: the example states ${expected}, and the value is ${got}`)
    }
    try {
      await import(pathToFileURL(file).href)
    } catch (error) {
      problems.push(`${where}: the example fails: ${error.message}`)
    }
  }
  rmSync(folder, { recursive: true })
  return { problems, values }
}

// Writes the tables of docs/checkpoints.md that packages/weights/test/kinds.ts gives: the kinds of files that are read, and those that are
// refused. A test runs every row of that file. With --check nothing is written, and the script fails if the tables differ from the file.
import { readFileSync, writeFileSync } from 'node:fs'
import ts from 'typescript'

const weights = new URL('../packages/weights/test/', import.meta.url)
const docs = new URL('../docs/checkpoints.md', import.meta.url)
const [start, end] = ['<!-- Written by scripts/checkpoint-docs.mjs. -->', '<!-- End of what it writes. -->']

/** kinds.ts contains data and imports only types, so it is run after its types were removed. */
async function kinds() {
  const source = readFileSync(new URL('kinds.ts', weights), 'utf8')
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: 'esnext', target: 'es2022', verbatimModuleSyntax: true },
  })
  return import(`data:text/javascript,${encodeURIComponent(outputText)}`)
}

function producerOf({ golden, answers }) {
  return JSON.parse(readFileSync(new URL(`goldens/${answers ?? golden.split('.')[0]}.json`, weights), 'utf8')).producer
}

function row(cells) {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function tables({ readKinds, refusedKinds }) {
  const read = readKinds.map((kind) => {
    const { format, largest, largestFromIntegers, assumed } = kind
    const integers = largestFromIntegers === undefined ? '' : `; ${largestFromIntegers} from its integer arithmetic`
    const texts = assumed.map(([text]) => text)
    return row([
      format,
      kind.kind,
      producerOf(kind),
      `${largest < 0.001 ? largest.toExponential() : largest}${integers}`,
      texts.length === 0 ? 'nothing' : texts.join(', '),
    ])
  })
  const refused = refusedKinds.map(({ kind, says, wayOut }) => row([kind, `"${says}"`, wayOut]))
  return [
    start,
    '### Kinds that are read',
    row(['format', 'kind of file', 'who writes it', 'largest difference', 'assumed, as the file does not say']),
    row(['---', '---', '---', '---', '---']),
    ...read,
    '',
    '### Kinds that are refused, and the way out',
    row(['kind of file', 'the error says', 'the way out']),
    row(['---', '---', '---']),
    ...refused,
    end,
  ].join('\n')
}

const text = readFileSync(docs, 'utf8')
const [from, to] = [text.indexOf(start), text.indexOf(end)]
if (from < 0 || to < from) throw new Error(`docs/checkpoints.md lacks ${start} or ${end}`)
const written = text.slice(0, from) + tables(await kinds()) + text.slice(to + end.length)
if (!process.argv.includes('--check')) {
  writeFileSync(docs, written)
} else if (written !== text) {
  console.error('docs/checkpoints.md is not what packages/weights/test/kinds.ts says. Run: node scripts/checkpoint-docs.mjs')
  process.exitCode = 1
}

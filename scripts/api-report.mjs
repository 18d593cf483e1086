// Writes the public types of each published package into its file api.txt, so that a change of the types shows as a diff. Without arguments
// it compares only; with --write it writes the files. It reads the declarations that the build made.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import ts from 'typescript'
import { published, root } from './published.mjs'

/**
 * The entry points of a package: the name that a program imports, and the file of its declarations, which two entry points may
 * share.
 */
const entriesOf = ({ folder, manifest }) =>
  Object.entries(manifest.exports).map(([path, { types }]) => ({
    name: manifest.name + path.slice(1),
    file: join(root, folder, types),
  }))

const printer = ts.createPrinter({ removeComments: true, newLine: ts.NewLineKind.LineFeed })
const program = ts.createProgram({
  rootNames: published.flatMap(entriesOf).map(({ file }) => file),
  options: { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, types: ['node'], skipLibCheck: true, noEmit: true },
})
const checker = program.getTypeChecker()

const meant = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol)

/** The published package whose build declares a symbol; undefined for other symbols. */
function homeOf(symbol) {
  const file = symbol.declarations?.[0]?.getSourceFile().fileName ?? ''
  return published.find(({ folder }) =>
    file
      .split('/')
      .join(sep)
      .startsWith(join(root, folder, 'dist') + sep),
  )
}

/** The node whose text is reported for a declaration: for a variable, its whole statement. */
const statementOf = (declaration) => (ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration)

const textOf = (symbol) =>
  symbol.declarations
    .map(statementOf)
    .map((node) => printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile()))
    .join('\n')

/** The symbols that are named in the declarations of a symbol. */
function namedIn(symbol) {
  const found = new Set()
  const visit = (node) => {
    const named = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined
    if (named !== undefined) found.add(meant(named))
    ts.forEachChild(node, visit)
  }
  for (const declaration of symbol.declarations) visit(statementOf(declaration))
  return found
}

const isTopLevel = (symbol) =>
  symbol.declarations?.every((node) => statementOf(node).parent?.kind === ts.SyntaxKind.SourceFile) ?? false

/** Types that are not exported, but are part of exported types, so that callers depend on them as well. */
function hiddenBehind(own, exported) {
  const reached = new Set(exported)
  for (const symbol of reached)
    for (const named of namedIn(symbol)) if (isTopLevel(named) && homeOf(named) === own) reached.add(named)
  return [...reached].filter((symbol) => !exported.has(symbol))
}

function exportLine(own, { name }, symbol) {
  const home = homeOf(symbol)
  if (home !== own) return `export { ${name} } from '${home?.manifest.name ?? 'elsewhere'}'`
  return symbol.name === name ? textOf(symbol) : `// as ${name}\n${textOf(symbol)}`
}

const byName = (one, other) => (one.name < other.name ? -1 : 1)

function reportOf(own) {
  const entries = entriesOf(own).map(({ name, file }, _, all) => {
    const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)))
    return { name, symbols: symbols.toSorted(byName), alike: all.find((one) => one.file === file).name }
  })
  const exported = new Set(entries.flatMap(({ symbols }) => symbols.map(meant)).filter((symbol) => homeOf(symbol) === own))
  const hidden = hiddenBehind(own, exported).toSorted(byName)
  const sections = [
    ...entries.map(({ name, symbols, alike }) => [
      `# ${name}`,
      ...(alike === name ? symbols.map((symbol) => exportLine(own, symbol, meant(symbol))) : [`as ${alike}`]),
    ]),
    ...(hidden.length === 0 ? [] : [['# Not exported, but part of the types above', ...hidden.map(textOf)]]),
  ]
  return `${sections.flat().join('\n\n')}\n`
}

/** The lines that only one of two texts has. */
function difference(before, after) {
  const [old, now] = [before, after].map((text) => text.split('\n'))
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `  - ${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `  + ${line}`),
  ]
}

let failed = false
for (const own of published) {
  const path = join(root, own.folder, 'api.txt')
  const report = reportOf(own)
  const written = existsSync(path) ? readFileSync(path, 'utf8') : ''
  if (written === report) continue
  if (process.argv.includes('--write')) {
    writeFileSync(path, report)
    continue
  }
  failed = true
  console.error(
    `${own.folder}/api.txt: the public types have changed. If that is meant: npm run api\n${difference(written, report).join('\n')}`,
  )
}
if (!failed) console.log(`public types: those of ${published.length} packages are in their api.txt`)
process.exitCode = failed ? 1 : 0

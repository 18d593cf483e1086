// Checks that everything that a user imports is described. For each export of a published package's entries:
// - it has a docstring, and so has each member of a type, unless the type's own docstring names the member in backticks;
// - a function has an `@example`, unless it is `@internal`: only this project's other packages call it, and the API reference leaves it
//   out;
// - a function that can throw a MobileNetV2Error names the codes with `@throws`. One that returns the error need not.
// Examples of all packages are type-checked against the built packages, and the values that they state are compared.
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { examplesIn, typeProblems, valueProblems } from './docstrings/examples.mjs'
import { undescribedMembers } from './docstrings/members.mjs'
import { openSources } from './docstrings/sources.mjs'
import { isErrorType, thrownCodesOf } from './docstrings/thrown-codes.mjs'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const { packages, program, checker, packageOf, whereIs } = openSources(root)
const thrownCodes = thrownCodesOf(checker, (declaration) => packageOf(declaration) !== undefined)
const [errorCodes] = packages
  .find(({ folder }) => folder === 'spec')
  .entries.map(({ file }) => checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file))))
  .flatMap((symbols) => symbols.filter(({ name }) => name === 'errorCodes'))
  .map((symbol) => checker.getTypeOfSymbol(checker.getAliasedSymbol(symbol)).getProperties())
const codes = new Set(errorCodes.map(({ name }) => name))

/** The body of an exported function; undefined if it is declared without one. */
function bodyOf(symbol) {
  const [declaration] = (symbol.declarations ?? [])
    .map((each) => (ts.isVariableDeclaration(each) ? each.initializer : each))
    .filter((each) => each?.body)
  return declaration
}

/** What one export lacks, and whether it is a function that users call. */
function judge(symbol, declaration, home) {
  const missing = []
  const tags = symbol.getJsDocTags(checker)
  const textOf = (name) => tags.filter((tag) => tag.name === name).map(({ text }) => ts.displayPartsToString(text))
  if (ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim() === '') missing.push('has no docstring')
  for (const each of symbol.declarations) {
    for (const member of undescribedMembers(each, checker, (base) => packageOf(base) === home)) {
      missing.push(`does not describe its member ${member.name.getText()} (${whereIs(member)})`)
    }
  }
  const isFunction =
    !ts.isClassDeclaration(declaration) &&
    symbol.flags & ts.SymbolFlags.Value &&
    checker.getTypeOfSymbol(symbol).getCallSignatures().length > 0
  const isInternal = tags.some(({ name }) => name === 'internal')
  if (isFunction && !isInternal && !textOf('example').some((text) => text.includes('```ts'))) missing.push('has no @example')
  const named = textOf('throws').flatMap((text) => Array.from(text.matchAll(/`([A-Z][A-Z_]+)`/g), ([, code]) => code))
  for (const code of named) if (!codes.has(code)) missing.push(`names the code ${code}, which does not exist`)
  const returnsError =
    isFunction &&
    checker
      .getTypeOfSymbol(symbol)
      .getCallSignatures()
      .some((signature) => isErrorType(signature.getReturnType(), checker))
  const body = isFunction && !returnsError ? bodyOf(symbol) : undefined
  for (const [code, way] of body === undefined ? [] : thrownCodes(body)) {
    if (!named.includes(code))
      missing.push(`does not name ${code} with @throws${way.length > 0 ? `, which comes from ${way.join(', ')}` : ''}`)
  }
  return { missing, isFunction, isInternal }
}

let failed = false
for (const home of packages) {
  const judged = new Set()
  const count = { exports: 0, functions: 0, internal: 0, missing: 0 }
  for (const { file } of home.entries) {
    // The program of a worker exports nothing, so it is no module.
    const entry = checker.getSymbolAtLocation(program.getSourceFile(file))
    for (const exported of entry === undefined ? [] : checker.getExportsOfModule(entry)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
      const [declaration] = symbol.declarations ?? []
      if (declaration === undefined || judged.has(symbol) || packageOf(declaration) !== home) continue
      judged.add(symbol)
      const { missing, isFunction, isInternal } = judge(symbol, declaration, home)
      for (const what of missing) console.error(`${whereIs(declaration)}: ${symbol.name} ${what}`)
      count.exports++
      if (isFunction) count[isInternal ? 'internal' : 'functions']++
      count.missing += missing.length
    }
  }
  failed ||= count.missing > 0
  console.log(
    `${home.manifest.name}: ${count.exports} exports, ${count.functions} functions and ${count.internal} internal ones, ${count.missing} missing`,
  )
}

const examples = program
  .getSourceFiles()
  .filter((file) => packageOf(file) !== undefined)
  .flatMap((file) => examplesIn(file, whereIs))
const wrongTypes = typeProblems(examples, root)
const { problems: wrongValues, values } = wrongTypes.length > 0 ? { problems: [], values: 0 } : await valueProblems(examples, root)
for (const problem of [...wrongTypes, ...wrongValues]) console.error(problem)
failed ||= wrongTypes.length + wrongValues.length > 0
console.log(`${examples.length} examples compile, ${values} values are as they say`)
process.exit(failed ? 1 : 0)

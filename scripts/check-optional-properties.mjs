// Checks that optional properties of published types accept `undefined`. Otherwise a caller with `exactOptionalPropertyTypes` could not
// pass on a value that may be undefined. This reads the declarations that would be published, after a build, and refuses `name?: T` without
// `| undefined`, and `Partial<T>`, which makes such properties.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const packages = fileURLToPath(new URL('../packages', import.meta.url))

/** True if a property of this type may be undefined whatever the compiler's options are. */
function takesUndefined(type) {
  if (ts.isUnionTypeNode(type)) return type.types.some(takesUndefined)
  return type.kind === ts.SyntaxKind.UndefinedKeyword || type.kind === ts.SyntaxKind.UnknownKeyword
}

function isExact(node) {
  if (ts.isMethodSignature(node) || ts.isMethodDeclaration(node)) return node.questionToken !== undefined
  if (ts.isPropertySignature(node) || ts.isPropertyDeclaration(node) || ts.isMappedTypeNode(node)) {
    const optional = node.questionToken !== undefined && node.questionToken.kind !== ts.SyntaxKind.MinusToken
    return optional && !(node.type && takesUndefined(node.type))
  }
  return ts.isTypeReferenceNode(node) && node.typeName.getText() === 'Partial'
}

/** Every node of a declaration file that is optional and does not accept `undefined`, as `line: text`. */
function exactOptionals(text) {
  const file = ts.createSourceFile('types.d.ts', text, ts.ScriptTarget.Latest, true)
  const found = []
  const visit = (node) => {
    if (isExact(node)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart())
      found.push(`${line + 1}: ${node.getText().split('\n')[0]}`)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

let read = 0
let failed = false
for (const name of readdirSync(packages)) {
  const manifest = JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8'))
  if (manifest.private) continue
  const dist = join(packages, name, 'dist')
  for (const path of readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => /\.d\.[cm]?ts$/.test(file))) {
    read++
    for (const where of exactOptionals(readFileSync(join(dist, path), 'utf8'))) {
      console.error(`packages/${name}/dist/${path}:${where}: an optional property must be of the type \`T | undefined\``)
      failed = true
    }
  }
}
if (read === 0) throw new Error('There are no declarations. Run `npm run build` first.')
if (!failed) console.log(`${read} declaration files: every optional property accepts undefined`)
process.exit(failed ? 1 : 0)

// The sources of the published packages as one TypeScript program, in which an import of a package leads to its source.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import ts from 'typescript'

const compilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: ['node'],
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  noEmit: true,
}

const sourceOfBuilt = (path) => path.replace(/^\.\/dist\//, 'src/').replace(/(\.d)?\.([cm]?)[jt]s$/, '.$2ts')

/** Each package that is published: its folder's name, its manifest and the sources of its entries. */
function readPackages(root) {
  return readdirSync(join(root, 'packages')).flatMap((folder) => {
    const home = join(root, 'packages', folder)
    const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
    if (manifest.private) return []
    const entries = Object.entries(manifest.exports)
      .filter(([, { types }]) => types !== undefined)
      .map(([path, { types }]) => ({ name: manifest.name + path.slice(1), file: join(home, sourceOfBuilt(types)) }))
    return [{ folder, home, manifest, entries }]
  })
}

/**
 * The program, its packages, and a function that recognises their sources.
 * @param root the repository's folder, an absolute path
 */
export function openSources(root) {
  const packages = readPackages(root)
  const entryOf = new Map(packages.flatMap(({ entries }) => entries.map(({ name, file }) => [name, file])))
  const packageOf = (file) => packages.find(({ home }) => file.startsWith(join(home, 'src') + sep))

  const sourceOf = (name, from) => {
    if (!name.startsWith('#')) return entryOf.get(name)
    const { home, manifest } = packageOf(from)
    const target = manifest.imports[name]
    return join(home, sourceOfBuilt(typeof target === 'string' ? target : target.node))
  }
  const host = ts.createCompilerHost(compilerOptions)
  const cache = ts.createModuleResolutionCache(root, (name) => name, compilerOptions)
  host.resolveModuleNameLiterals = (literals, from, _, options) =>
    literals.map(({ text }) => {
      const source = sourceOf(text, from)
      if (source !== undefined) return { resolvedModule: { resolvedFileName: source, extension: ts.Extension.Ts } }
      return ts.resolveModuleName(text, from, options, host, cache, undefined, ts.ModuleKind.ESNext)
    })
  const program = ts.createProgram([...entryOf.values()], compilerOptions, host)
  const checker = program.getTypeChecker()
  return {
    packages,
    program,
    checker,
    /** The package that a node's file belongs to; undefined for a file of no published package. */
    packageOf: (node) => packageOf(node.getSourceFile().fileName),
    /** A node's file and line, as an editor opens it. */
    whereIs(node) {
      const file = node.getSourceFile()
      return `${relative(root, file.fileName)}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`
    },
  }
}

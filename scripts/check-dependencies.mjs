// Compares every package with its row in the table of docs/architecture.md: the packages that it imports, and those that its package.json
// names.
import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import ts from 'typescript'

const root = new URL('..', import.meta.url).pathname
const nameOf = (folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')).name

/** Rows `| \`packages/x\` | \`name\` | what | depends |` of the table; the last cell names packages in backticks. */
function readTable() {
  const rows = readFileSync(join(root, 'docs/architecture.md'), 'utf8').matchAll(
    /^\| `((?:packages|apps)\/[\w-]+)` \|.*\| ([^|]*) \|$/gm,
  )
  return new Map([...rows].map(([, folder, cell]) => [folder, new Set([...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name))]))
}

function sourceFiles(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

/** The package that a module specifier names: `@scope/name/sub` → `@scope/name`. */
function packageOf(specifier) {
  const [first, second] = specifier.split('/')
  return first.startsWith('@') ? `${first}/${second}` : first
}

const table = readTable()
const problems = []
const folders = ['packages', 'apps'].flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
for (const folder of folders) {
  const allowed = table.get(folder)
  if (allowed === undefined) {
    problems.push(`${folder} has no row in docs/architecture.md`)
    continue
  }
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
  for (const name of declared)
    if (!allowed.has(name)) problems.push(`${folder}/package.json depends on ${name}, which its row does not name`)
  for (const name of allowed)
    if (!declared.includes(name)) problems.push(`${folder}'s row names ${name}, which its package.json does not`)
  for (const file of sourceFiles(join(folder, 'src'))) {
    for (const { fileName } of ts.preProcessFile(readFileSync(file, 'utf8'), true, true).importedFiles) {
      if (/^[.#]/.test(fileName) || fileName.startsWith('node:')) continue
      if (builtinModules.includes(fileName)) problems.push(`${file} imports ${fileName} without node:`)
      else if (!allowed.has(packageOf(fileName)))
        problems.push(`${file} imports ${fileName}, which the row of ${folder} does not name`)
    }
  }
}
for (const folder of table.keys())
  if (!folders.includes(folder)) problems.push(`docs/architecture.md has a row for ${folder}, which is not there`)
const apps = readdirSync(join(root, 'apps')).map((name) => nameOf(`apps/${name}`))
for (const [folder, allowed] of table)
  for (const app of apps) if (allowed.has(app)) problems.push(`${folder} depends on the app ${app}`)

if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
console.log(`dependencies: ${folders.length} packages and apps keep to their rows`)

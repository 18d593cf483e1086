// Compares the package.json and the README of each published package with the root's package.json, which states the address of the
// repository, the licence and the versions of Node. With --write it corrects them.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { manifestOf, published, root } from './published.mjs'

const writes = process.argv.includes('--write')
const { repository, license, engines } = manifestOf('.')
const address = repository.url.replace(/^git\+|\.git$/g, '')
/** The address at which a browser shows a file of the main branch. */
const shown = `${address}/blob/main/`

/** The fields of a package.json that follow from the root's. */
const derived = (folder) => ({
  license,
  homepage: `${address}/tree/main/${folder}#readme`,
  bugs: `${address}/issues`,
  repository: { ...repository, directory: folder },
  engines,
})

/** A manifest with those fields, in place if they are there, else after the description. */
function withFields(manifest, fields) {
  const given = Object.entries({ ...manifest, ...fields }).filter(([name]) => name in manifest)
  const missing = Object.entries(fields).filter(([name]) => !(name in manifest))
  const place = given.findIndex(([name]) => name === 'description') + 1
  return Object.fromEntries(given.toSpliced(place, 0, ...missing))
}

function manifestProblems({ description, keywords, sideEffects, author }) {
  return [
    description?.endsWith('.') ? [] : 'has no description that is a sentence',
    keywords?.length > 0 ? [] : 'has no keywords',
    sideEffects === false ? [] : 'does not say that it has no side effects',
    // LICENSE names nobody.
    author === undefined ? [] : 'names an author, whom LICENSE does not',
  ].flat()
}

/** What is wrong with a README, whose links must lead to a file of this repository as a browser shows it. */
function readmeProblems(readme, name) {
  const links = Array.from(readme.matchAll(/\]\(([^)]+)\)/g), ([, target]) => target)
  const dead = links.filter((link) => link !== `${address}#readme` && !existsSync(join(root, link.replace(shown, ''))))
  const foreign = links.filter((link) => !link.startsWith(address))
  return [
    readme.startsWith(`# ${name}\n`) ? [] : 'does not begin with the name of the package',
    readme.includes(`\nnpm install ${name}`) ? [] : 'has no line that installs the package',
    links.length > 0 ? [] : 'has no link to the documentation',
    foreign.map((link) => `links to ${link}, which is not in ${address}`),
    dead.map((link) => `links to ${link}, which is not there`),
  ].flat()
}

const problems = []
for (const { folder, manifest } of published) {
  const say = (file, what) => problems.push(`${folder}/${file} ${what}`)
  const path = join(root, folder, 'package.json')
  const right = `${JSON.stringify(withFields(manifest, derived(folder)), null, 2)}\n`
  if (writes) writeFileSync(path, right)
  else if (readFileSync(path, 'utf8') !== right)
    say('package.json', 'differs from what the root says: node scripts/check-manifests.mjs --write')
  for (const problem of manifestProblems(manifest)) say('package.json', problem)

  const readmePath = join(root, folder, 'README.md')
  if (!existsSync(readmePath)) {
    say('README.md', 'is not there')
    continue
  }
  const readme = readFileSync(readmePath, 'utf8')
  const moved = readme.replaceAll(/https:\/\/[\w.]+\/[\w-]+\/[\w-]+(?=\/blob\/main\/|#readme)/g, address)
  if (writes) writeFileSync(readmePath, moved)
  for (const problem of readmeProblems(writes ? moved : readme, manifest.name)) say('README.md', problem)
}
if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
console.log(`manifests: ${published.length} packages say what the root says`)

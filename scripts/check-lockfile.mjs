// Refuses a package-lock.json with which `npm ci` would install packages that this machine does not need: binaries for other platforms, and
// packages that are installed only on request.
import { readFileSync } from 'node:fs'
import { lackOf, nameOfPlace, platformPackages } from './lockfile/platforms.mjs'

/** Packages that must not be in the workspace, with the reasons. */
const refused = new Map([
  ['onnxruntime-node', '288 MB of native libraries; the bench measures it if it is installed'],
  ['@huggingface/transformers', 'it brings onnxruntime-node; the bench measures it if it is installed'],
  ['@tensorflow/tfjs-node', 'it downloads libtensorflow; the bench measures it if it is installed'],
  ['@tensorflow/tfjs-node-gpu', 'it downloads libtensorflow; packages/backend-node-cuda/scripts installs it on request'],
  [
    '@tensorflow/tfjs',
    '181 MB with its dependencies; depend on tfjs-core and the other parts instead. For nsfwjs there is the stand-in packages/testing/tfjs',
  ],
  ['mnist', '41 MB; packages/tfjs/ablation installs it on request'],
])

const path = process.argv[2] ?? new URL('../package-lock.json', import.meta.url)
const { packages } = JSON.parse(readFileSync(path, 'utf8'))
const found = platformPackages(packages)
const problems = []
for (const one of found) {
  const lacks = lackOf(one, packages)
  if (lacks.length > 0)
    problems.push(`${one.name}@${one.version} lacks ${lacks.join(', ')}: run node scripts/complete-lockfile.mjs`)
}
for (const [place, { link, resolved }] of Object.entries(packages)) {
  const reason = refused.get(nameOfPlace(place))
  if (place.includes('node_modules/') && !link && reason !== undefined) problems.push(`${place} does not belong here: ${reason}`)
  if (resolved?.includes('://')) problems.push(`${place} names a registry: .npmrc has omit-lockfile-registry-resolved=true`)
}

if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
console.log(`lockfile: ${found.length} packages are for one platform each, and say which`)

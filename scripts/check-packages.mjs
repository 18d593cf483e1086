// Checks the packages as they would be published: with publint (strict), with Are The Types Wrong, and by the files in the tarball.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { problemKindInfo } from '@arethetypeswrong/core/problems'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { published, root } from './published.mjs'

/**
 * The packages are ESM only: nothing is promised to resolution without `exports`. Node gives ESM to `require`, but attw knows no compiler
 * that allows it.
 */
const unsupported = ['node10', 'node16-cjs']

/** The tarball that `npm pack` makes of a folder. */
function pack(folder) {
  const destination = mkdtempSync(join(tmpdir(), 'mobilenetv2-pack-'))
  try {
    execFileSync('npm', ['pack', '--pack-destination', destination], {
      cwd: folder,
      stdio: 'ignore',
      shell: process.platform === 'win32',
    })
    const [tarball] = readdirSync(destination)
    return createPackageFromTarballData(readFileSync(join(destination, tarball)))
  } finally {
    rmSync(destination, { recursive: true })
  }
}

async function typeProblems(packed) {
  const { types, problems = [] } = await checkPackage(packed)
  if (!types) return ['no types']
  return problems
    .filter(({ resolutionKind }) => !unsupported.includes(resolutionKind))
    .map(({ kind, ...where }) => `${problemKindInfo[kind].title}: ${JSON.stringify(where)}, ${problemKindInfo[kind].docsUrl}`)
}

function fileProblems(packed) {
  return ['README.md', 'LICENSE']
    .filter((name) => !packed.fileExists(`/node_modules/${packed.packageName}/${name}`))
    .map((name) => `no ${name} in its tarball`)
}

let failed = false
for (const { folder, manifest } of published) {
  const pkgDir = join(root, folder)
  const packed = pack(pkgDir)
  const { messages } = await publint({ pkgDir, strict: true })
  const problems = [
    ...messages.map((message) => formatMessage(message, manifest)),
    ...fileProblems(packed),
    ...(await typeProblems(packed)),
  ]
  for (const problem of problems) console.error(`${manifest.name}: ${problem}`)
  failed ||= problems.length > 0
  console.log(`${manifest.name}: ${problems.length === 0 ? 'fit to publish' : 'NOT fit to publish'}`)
}
process.exit(failed ? 1 : 0)

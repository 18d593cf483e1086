// What would be published, checked as its users will meet it: publint (strict) and Are The Types Wrong on each public package.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { problemKindInfo } from '@arethetypeswrong/core/problems'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

/** The packages are ESM only: nothing is promised to `require` without `exports`, nor to CommonJS. */
const unsupported = ['node10', 'node16-cjs']

/** What is wrong with the types in the tarball that `npm pack` makes of a folder. */
async function typeProblems(folder) {
  const destination = mkdtempSync(join(tmpdir(), 'mobilenetv2-pack-'))
  try {
    execFileSync('npm', ['pack', '--pack-destination', destination], {
      cwd: folder,
      stdio: 'ignore',
      shell: process.platform === 'win32',
    })
    const [tarball] = readdirSync(destination)
    const { types, problems = [] } = await checkPackage(createPackageFromTarballData(readFileSync(join(destination, tarball))))
    if (!types) return ['no types']
    return problems
      .filter(({ resolutionKind }) => !unsupported.includes(resolutionKind))
      .map(({ kind, ...where }) => `${problemKindInfo[kind].title}: ${JSON.stringify(where)}, ${problemKindInfo[kind].docsUrl}`)
  } finally {
    rmSync(destination, { recursive: true })
  }
}

const root = new URL('../packages', import.meta.url).pathname
let failed = false
for (const name of readdirSync(root)) {
  const folder = join(root, name)
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  if (manifest.private) continue
  const { messages } = await publint({ pkgDir: folder, strict: true })
  const problems = [...messages.map((message) => formatMessage(message, manifest)), ...(await typeProblems(folder))]
  for (const problem of problems) console.error(`${manifest.name}: ${problem}`)
  failed ||= problems.length > 0
  console.log(`${manifest.name}: ${problems.length === 0 ? 'fit to publish' : 'NOT fit to publish'}`)
}
process.exit(failed ? 1 : 0)

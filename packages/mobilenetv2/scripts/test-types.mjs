// Compiles against the packed packages with TypeScript 5.4 too, the oldest version that is supported. It is installed into a cache,
// beside the workspace: 32 MB that nothing else needs.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const version = '5.4.5'
const folder = fileURLToPath(new URL(`../../../node_modules/.cache/mobilenetv2/typescript-${version}/`, import.meta.url))
const typescript = join(folder, 'node_modules', 'typescript')

function run(program, args, options) {
  const { status } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options })
  if (status !== 0) process.exit(status ?? 1)
}

if (!existsSync(join(typescript, 'package.json'))) {
  run('npm', ['install', '--prefix', folder, '--no-save', '--no-package-lock', '--no-audit', '--no-fund', `typescript@${version}`])
}
run('npx', ['vitest', 'run', '--project', 'node', 'types'], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  env: { ...process.env, MOBILENETV2_TYPESCRIPT_54: typescript },
})

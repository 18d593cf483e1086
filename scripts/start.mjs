// `npm start`: builds, draws the example pictures, and classifies them.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' })
  if (error !== undefined || status !== 0) process.exit(status ?? 1)
}

process.chdir(new URL('..', import.meta.url).pathname)
run('npx', ['turbo', 'run', 'build', '--output-logs=errors-only'])
run(process.execPath, ['scripts/draw-examples.mjs'])
const pictures = readdirSync('examples').filter((name) => name.endsWith('.png'))
run(process.execPath, ['packages/mobilenetv2/dist/cli.js', 'classify', ...pictures.sort().map((name) => `examples/${name}`)])

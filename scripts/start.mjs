// `npm start`: builds, draws the drawings, and classifies them and some photos. It says what is on each picture, which pictures are alike,
// and how long it took.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Runs a command, and shows what it wrote only if it fails. */
function run(command, ...args) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', shell: process.platform === 'win32' })
  if (error === undefined && status === 0) return
  console.error(error?.message ?? `${stdout}${stderr}`)
  process.exit(status ?? 1)
}

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
console.error('Building, which takes a minute the first time …')
run('npx', 'turbo', 'run', 'build', '--output-logs=errors-only')
run(process.execPath, 'scripts/draw-examples.mjs')

const [{ chooseModel }, { pictures }, { look }, { textOf }] = await Promise.all([
  import('./start/choose-model.mjs'),
  import('./start/pictures.mjs'),
  import('./start/look.mjs'),
  import('./start/text.mjs'),
])
const model = await chooseModel()
console.log(textOf(model, await look(model.id, pictures())))

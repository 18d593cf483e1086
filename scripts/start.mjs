// `npm start`: builds, draws the example pictures, and classifies them: with an ImageNet model where one is at hand or can be fetched,
// else with the one that npm brought.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' })
  if (error !== undefined || status !== 0) process.exit(status ?? 1)
}

process.chdir(new URL('..', import.meta.url).pathname)
run('npx', ['turbo', 'run', 'build', '--output-logs=errors-only'])
run(process.execPath, ['scripts/draw-examples.mjs'])

const { defaultModel, prefetch, zooEntry } = await import('../packages/zoo/dist/index.js')
const wanted = 'imagenet-1.0-224'
const { source } = await defaultModel(process.env.MOBILENETV2_MODELS)
if (zooEntry(source).labels !== 'imagenet') {
  console.error(`Fetching ${wanted}, ${(zooEntry(wanted).location.bytes / 1e6).toFixed(1)} MB (Ctrl-C ends it all) …`)
  try {
    await prefetch(wanted, { signal: AbortSignal.timeout(60_000) })
  } catch (error) {
    console.error(`It cannot be fetched here: ${error.details?.got ?? error.message}`)
  }
}

const pictures = readdirSync('examples').filter((name) => name.endsWith('.png'))
run(process.execPath, ['packages/mobilenetv2/dist/cli.js', 'classify', ...pictures.sort().map((name) => `examples/${name}`)])

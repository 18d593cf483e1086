// `npm start`: builds, draws the example pictures, and classifies them: with the ImageNet model if it is at hand or can be fetched,
// else with the model that npm brought.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' })
  if (error !== undefined || status !== 0) process.exit(status ?? 1)
}

process.chdir(new URL('..', import.meta.url).pathname)
run('npx', ['turbo', 'run', 'build', '--output-logs=errors-only'])
run(process.execPath, ['scripts/draw-examples.mjs'])

const { locateModelFile, prefetchModel, zooEntry } = await import('../packages/zoo/dist/index.js')
const { defaultModel } = await import('../packages/mobilenetv2/dist/read-network.js')
const carried = 'nsfw-1.4-224'
let model = defaultModel
if ((await locateModelFile(defaultModel)) === null) {
  console.error(`Fetching ${defaultModel}, ${(zooEntry(defaultModel).location.bytes / 1e6).toFixed(1)} MB (Ctrl-C ends it all) …`)
  try {
    await prefetchModel(defaultModel, { signal: AbortSignal.timeout(60_000) })
  } catch (error) {
    console.error(`It cannot be fetched here: ${error.details?.got ?? error.message}`)
    console.error(`Taking ${carried} instead, the trained model that npm's nsfwjs carries.`)
    model = carried
  }
}

const pictures = readdirSync('examples/pictures').filter((name) => name.endsWith('.png'))
const files = pictures.sort().map((name) => `examples/pictures/${name}`)
run(process.execPath, ['packages/mobilenetv2/dist/cli.js', 'classify', '--model', model, ...files])

// `npm run fixtures:full [folder] [family …]`: makes full-size files of every format and naming with their real producers, reads and runs
// them, and prints the table for docs/checkpoints.md. Each scripts/full-size/<family>.py is run in an environment of its own, made with
// MOBILENETV2_PYTHON (python3 unless given) from requirements-<family>.txt. Takes some minutes and 1 GB; no test needs it.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  if (error !== undefined || status !== 0) {
    console.error(`${command} ${args.join(' ')} ended with ${error ?? status}`)
    process.exit(status ?? 1)
  }
}

const load = (path) => import(new URL(`../packages/${path}`, import.meta.url).href)

/** Makes a family's files, unless they exist already. */
function make(family, scripts, folder) {
  const environment = join(folder, `python-${family}`)
  const python = join(environment, 'bin', 'python')
  if (!existsSync(python)) {
    run(process.env.MOBILENETV2_PYTHON ?? 'python3', ['-m', 'venv', '--system-site-packages', environment])
    run(python, ['-m', 'pip', 'install', '-q', '-r', join(scripts, `requirements-${family}.txt`)])
  }
  const files = join(folder, family)
  if (!existsSync(files)) {
    mkdirSync(files)
    run(python, [join(scripts, `${family}.py`), files])
  }
  return files
}

function largestDifference(values, expected) {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return expected.reduce((most, value, index) => Math.max(most, Math.abs(values[index] - value)), 0) / largest
}

const [{ readNetwork }, { defineMobileNetV2 }, { runReference, seededInput, softmax }] = await Promise.all([
  load('weights/dist/index.js'),
  load('spec/dist/index.js'),
  load('testing/dist/src/index.js'),
])

/** One row: a file's answer for the seeded input, compared with its producer's `logits` (or `probabilities`), `integerLogits`, or both. */
async function row(folder, name) {
  const expected = JSON.parse(readFileSync(join(folder, name), 'utf8'))
  const bytes = new Uint8Array(readFileSync(join(folder, expected.file)))
  const readSibling = async (sibling) => new Uint8Array(readFileSync(join(folder, basename(sibling))))
  const { options, parameters, source } = await readNetwork(bytes, { file: expected.file, readSibling })
  if (source.naming !== expected.naming) throw new Error(`${name}: naming ${source.naming} instead of ${expected.naming}`)
  const architecture = defineMobileNetV2({ ...options, height: expected.size, width: expected.size })
  const { logits } = runReference(architecture, parameters, seededInput(architecture))
  const differences = [
    ...(expected.logits ? [largestDifference(logits, expected.logits).toExponential(1)] : []),
    ...(expected.probabilities ? [largestDifference(softmax(logits), expected.probabilities).toExponential(1)] : []),
    ...(expected.integerLogits
      ? [`${largestDifference(logits, expected.integerLogits).toExponential(1)} from its integer arithmetic`]
      : []),
  ]
  const megabytes = (bytes.length / 1e6).toFixed(1)
  return `| ${expected.format} | ${source.naming} | ${expected.producer} | ${options.widthMultiplier} | ${megabytes} | ${differences.join('; ')} |`
}

const [folder = join(tmpdir(), 'mobilenetv2-full-size'), ...wanted] = process.argv.slice(2)
const scripts = fileURLToPath(new URL('full-size', import.meta.url))
const families = readdirSync(scripts)
  .filter((name) => name.endsWith('.py'))
  .map((name) => basename(name, '.py'))
  .filter((family) => wanted.length === 0 || wanted.includes(family))
mkdirSync(folder, { recursive: true })
const rows = []
for (const family of families) {
  const files = make(family, scripts, folder)
  for (const name of readdirSync(files).filter((file) => file.endsWith('.json') && !file.endsWith('model.json'))) {
    rows.push(await row(files, name))
    console.error(rows.at(-1))
  }
}
console.log(
  ['| format | naming | producer | width | MB | largest difference |', '| --- | --- | --- | ---: | ---: | --- |', ...rows].join(
    '\n',
  ),
)

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { driverCandidates } from './gpu/drivers.mjs'
import { describeMachine } from './gpu/machine.mjs'
import { pack } from './gpu/pack.mjs'
import { runStep, startStep, stepNames } from './gpu/steps.mjs'
import { measuredText, writeMeasured } from './gpu/table.mjs'

const help = `npm run test:gpu -- [options]

On a machine with an NVIDIA GPU: the WebGPU backend through Dawn on Vulkan (conformance, comparisons with the reference executor,
the time of each dispatch against the limits of the card, whole runs), and the backends on CUDA if their libraries are there. It
takes at most ten minutes, and ends with a JSON of all figures. Without a GPU it is a dry run on SwiftShader, and says so.

  --out FILE         the JSON (gpu.json unless given); written after each step
  --adapter NAME     auto (unless given), gpu (an error if there is none) or swiftshader
  --only NAMES       some of the steps: ${stepNames.join(', ')}
  --quick            smaller networks and few rounds, to try out the script
  --minutes N        for the whole (10 unless given)
  --table FILE       no run: prints the text that a JSON gives for docs/webgpu.md
  --write            with --table: puts the text into docs/webgpu.md, which refuses a dry run
  --pack FILE        no run: writes an archive (.tgz, or .tar.xz) for a machine that has neither network nor Node. It holds this script,
                     what it imports, Node itself, and the Vulkan loader if this machine has it. It is for machines like this one.
                     There: tar -xf FILE && mobilenetv2-gpu/test-gpu --out gpu.json

The exit code is 1 if a comparison failed, or if a step failed, crashed or ran out of time. tfjs-node-gpu and onnxruntime-node
are found through NODE_PATH. VK_ICD_FILENAMES names a driver of Vulkan that is not found by itself.`

const { values: given } = parseArgs({
  options: {
    out: { type: 'string', default: 'gpu.json' },
    adapter: { type: 'string', default: 'auto' },
    only: { type: 'string' },
    minutes: { type: 'string', default: '10' },
    quick: { type: 'boolean', default: false },
    table: { type: 'string' },
    write: { type: 'boolean', default: false },
    pack: { type: 'string' },
    step: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

function refuse(message) {
  console.error(message)
  process.exit(1)
}

const textOfAdapter = ({ vendor, architecture, description, device }) => [vendor, architecture, description || device].join(' ')

/** The adapter to run on, `{ software, env, step }`: the graphics card's if there is one. */
async function findAdapter(secondsLeft) {
  const tried = []
  for (const { title, env } of given.adapter === 'swiftshader' ? [] : driverCandidates()) {
    const step = await startStep('adapter', { software: false }, { env, secondsLeft: secondsLeft() })
    const { adapter } = step
    if (adapter?.isSoftware === false) return { software: false, env, step, driver: title, tried }
    const reason =
      adapter === undefined ? step.failures.join('; ').split('\n')[0] : `only ${textOfAdapter(adapter)}, which is software`
    tried.push({ driver: title, reason })
    console.error(`No graphics card by ${title}: ${reason}`)
  }
  if (given.adapter === 'gpu') return { software: false, env: {}, step: null, driver: null, tried }
  const step = await startStep('adapter', { software: true }, { secondsLeft: secondsLeft() })
  // VK_ICD_FILENAMES may name the driver of a graphics card.
  const software = step.adapter?.isSoftware !== false
  return {
    software,
    env: {},
    step: step.adapter === undefined ? null : step,
    driver: process.env.VK_ICD_FILENAMES ?? 'SwiftShader',
    tried,
  }
}

async function main() {
  if (!['auto', 'gpu', 'swiftshader'].includes(given.adapter))
    refuse(`--adapter is auto, gpu or swiftshader, not ${given.adapter}.`)
  const wanted = given.only?.split(',') ?? stepNames
  for (const name of wanted) if (!stepNames.includes(name)) refuse(`--only takes some of ${stepNames.join(', ')}, not ${name}.`)
  const minutes = Number(given.minutes)
  if (!(minutes > 0)) refuse(`--minutes is a number above 0, not ${given.minutes}.`)
  const end = performance.now() + 60_000 * minutes - 5000
  const secondsLeft = () => (end - performance.now()) / 1000

  const { software, env, step: adapterStep, driver, tried } = await findAdapter(secondsLeft)
  const results = {
    format: 1,
    date: new Date().toISOString(),
    isDryRun: software,
    isQuick: given.quick,
    ...describeMachine(),
    driver,
    driversTried: tried,
    adapter: adapterStep?.adapter ?? null,
    steps: {},
  }
  const out = resolve(given.out)
  const write = () => {
    mkdirSync(dirname(out), { recursive: true })
    writeFileSync(out, `${JSON.stringify(results, null, 1)}\n`)
  }
  write()
  if (adapterStep === null) {
    console.error('There is no adapter of WebGPU: the steps of WebGPU are left out, and fail the run.')
  } else {
    console.error(`${textOfAdapter(adapterStep.adapter)}, by ${driver}`)
    if (software) console.error('THIS IS A DRY RUN on a software adapter. Its figures say nothing of a graphics card.')
  }

  for (const name of wanted) {
    const isCuda = name.endsWith('cuda')
    if (adapterStep === null && !isCuda) {
      results.steps[name] = { outcome: 'failed', seconds: 0, failures: ['no adapter'] }
      continue
    }
    const step = await startStep(name, { software, quick: given.quick }, { env, secondsLeft: secondsLeft() })
    results.steps[name] = step
    write()
    const { outcome, seconds, tests, compared } = step
    const counts = [
      ...(tests === undefined ? [] : [`${tests.passed} tests passed, ${tests.failed} failed`]),
      ...(compared === undefined
        ? []
        : [`${compared.filter(({ passed }) => passed).length} of ${compared.length} comparisons hold`]),
    ]
    console.error([`${name}: ${outcome}, ${seconds.toFixed(1)} s`, ...counts].join(', '))
    for (const line of step.missing ?? []) console.error(`  missing: ${line}`)
    for (const line of step.failures) console.error(`  ${line}`)
  }
  write()
  console.log(measuredText(results))
  console.error(`Written: ${given.out}`)
  const isBad = ({ outcome }) => outcome !== 'done' && outcome !== 'missing'
  process.exit(Object.values(results.steps).some(isBad) ? 1 : 0)
}

if (given.step !== undefined) await runStep(given.step, JSON.parse(process.env.MOBILENETV2_GPU_STEP))
else if (given.help) console.log(help)
else if (given.pack !== undefined) pack(resolve(given.pack))
else if (given.table !== undefined) {
  if (!existsSync(given.table)) refuse(`There is no file ${given.table}.`)
  const results = JSON.parse(readFileSync(given.table, 'utf8'))
  if (given.write) {
    writeMeasured(results)
    console.error('Correct by hand the sentences of docs/webgpu.md and docs/node-cuda.md that say that no GPU has run this yet.')
  } else console.log(measuredText(results))
} else await main()

// Compares logits and features of seeded networks with the reference executor, which sums in float64.
import { precisionsHere } from './device.mjs'
import { load } from './load.mjs'

const [{ defineMobileNetV2 }, { referenceActivations, seededInput, seededParameters }] = await Promise.all([
  load('spec/dist/index.js'),
  load('testing/dist/src/index.js'),
])

/**
 * The largest difference that passes, relative to the largest value that is expected. float32: the limit of the conformance suite.
 * float16: four times the difference that rounding of weights and activations alone causes in the reference executor, at most
 * 2.5e-3.
 */
const limits = { float32: 1e-4, float16: 1e-2 }
const batches = [1, 8]

/** Width multipliers and sizes of picture. */
function networks({ software, quick }) {
  if (quick) return [[0.35, 64]]
  return [[0.35, 96], [0.75, 160], [1, 96], [1.4, 96], ...(software ? [] : [[1, 224]])]
}

function relativeDifference(actual, expected) {
  let largest = 0
  let difference = 0
  for (let index = 0; index < expected.length; index++) {
    largest = Math.max(largest, Math.abs(expected[index]))
    const distance = Math.abs(actual[index] - expected[index])
    difference = Number.isNaN(distance) ? Number.POSITIVE_INFINITY : Math.max(difference, distance)
  }
  return difference / largest
}

function best(logits, classes, picture) {
  const own = logits.subarray(picture * classes, (picture + 1) * classes)
  return own.indexOf(own.reduce((most, value) => Math.max(most, value)))
}

/**
 * Compares a backend with the reference at each of the precisions.
 * @param backendOf from a precision to a backend
 * @param add is called with each comparison
 */
export async function compareBackend(settings, precisions, backendOf, add) {
  for (const [widthMultiplier, size] of networks(settings)) {
    const architecture = defineMobileNetV2({ widthMultiplier, height: size, width: size })
    const parameters = seededParameters(architecture)
    for (const batch of batches) {
      const input = seededInput(architecture, batch)
      const activations = referenceActivations(architecture, parameters, input, { batch })
      const expected = { logits: activations.get('classifier'), features: activations.get('pool') }
      for (const precision of precisions) {
        const model = await backendOf(precision).compile(architecture, parameters)
        const actual = await model.run(input, { batch, outputs: ['logits', 'features'] })
        const pictures = Array.from({ length: batch }, (_, picture) => picture)
        const { classes } = architecture
        const sameClass = pictures.filter(
          (picture) => best(actual.logits, classes, picture) === best(expected.logits, classes, picture),
        ).length
        for (const output of ['logits', 'features']) {
          const difference = relativeDifference(actual[output], expected[output])
          const limit = limits[precision]
          const network = `MobileNetV2 ${widthMultiplier} at ${size} x ${size}`
          add({ network, batch, precision, output, difference, limit, sameClass, passed: difference <= limit })
        }
        model.dispose()
      }
    }
  }
}

export const textOf = ({ network, batch, precision, output, difference, limit }) =>
  `${network}, batch ${batch}, ${precision}, ${output}: ${difference.toExponential(1)} of the largest, and ${limit} is allowed`

export async function comparisons(settings, report) {
  const { webgpu } = await load('backend-webgpu/dist/index.js')
  const { precisions, missing } = await precisionsHere()
  report('missing', missing)
  const compared = []
  // A model that lives as long as the comparisons keeps the shared device open, and so keeps the compiled pipelines.
  const small = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 10 })
  const keeper = await webgpu().compile(small, seededParameters(small))
  await compareBackend(
    settings,
    precisions,
    (precision) => webgpu({ precision }),
    (comparison) => {
      compared.push(comparison)
      report('compared', compared)
    },
  )
  keeper.dispose()
  report('failures', compared.filter(({ passed }) => !passed).map(textOf))
}

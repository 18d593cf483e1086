import { MobileNetV2Error } from '@mobilenetv2/spec'
import { importNodePackage, missingPackages } from '#files'

type Training = typeof import('@mobilenetv2/tfjs')

/** Packages that bring TensorFlow.js something to compute on, the fastest first. */
const devices = ['@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-backend-cpu'] as const

/** The error where a network cannot be fine-tuned, for lack of packages. */
function notInstalled(cause: unknown): MobileNetV2Error {
  const packages = ['@mobilenetv2/tfjs', '@tensorflow/tfjs-core', devices[0]]
  return new MobileNetV2Error('BACKEND', 'Fine-tuning takes TensorFlow.js, which is not installed.', {
    where: 'option fineTune',
    expected: `the packages ${packages.join(', ')}`,
    got: cause instanceof Error ? cause.message.split('\n')[0] : undefined,
    remedy: `npm install ${packages.join(' ')}; without fineTune a head is taught, which takes no other package.`,
    cause,
  })
}

async function importTfjs(): Promise<Training> {
  // Bundlers forgive a package that is not installed if its import stands in a try block.
  try {
    return await import('@mobilenetv2/tfjs')
  } catch (cause) {
    throw notInstalled(cause)
  }
}

/**
 * What trains networks, imported now. A program that has set up no backend of TensorFlow.js gets the fastest that is installed, in Node.
 * @throws MobileNetV2Error `BACKEND` if packages are not installed
 */
export async function importTraining(): Promise<Training> {
  const training = await importTfjs()
  const isReady = async (): Promise<boolean> => (await training.tfjs().availability()).available
  const device = devices.find((name) => missingPackages([name]).length === 0)
  // In a browser the import is refused, and the training says what to import.
  if (device !== undefined && !(await isReady())) await importNodePackage(device).catch(() => undefined)
  return training
}

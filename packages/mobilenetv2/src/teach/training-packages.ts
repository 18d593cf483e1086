import { MobileNetV2Error } from '@mobilenetv2/spec'
import { importNodePackage, missingPackages } from '#files'
import { importTfjs } from '../tfjs-package.js'

type Training = typeof import('@mobilenetv2/tfjs')

/** Backends of TensorFlow.js, the fastest first. */
const devices = ['@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-backend-cpu'] as const

/** The error for a fine-tuning whose packages are not installed. */
function notInstalled(cause: unknown): MobileNetV2Error {
  const packages = ['@mobilenetv2/tfjs', '@tensorflow/tfjs-core', devices[0]]
  return new MobileNetV2Error('BACKEND', 'Fine-tuning needs TensorFlow.js, which is not installed.', {
    where: 'option fineTune',
    expected: `the packages ${packages.join(', ')}`,
    got: cause instanceof Error ? cause.message.split('\n')[0] : undefined,
    remedy: `npm install ${packages.join(' ')}. In a page also call provideTfjs() of 'mobilenetv2/tfjs' first. Without fineTune only a head is taught, which needs no other package.`,
    cause,
  })
}

/**
 * Imports the code that trains networks. In Node, a program that has set up no backend of TensorFlow.js gets the fastest one that is
 * installed.
 * @throws MobileNetV2Error `BACKEND` if packages are not installed, or a page does not provide them
 */
export async function importTraining(): Promise<Training> {
  const training = await importTfjs().catch((cause: unknown) => {
    throw notInstalled(cause)
  })
  const isReady = async (): Promise<boolean> => (await training.tfjs().availability()).available
  const device = devices.find((name) => missingPackages([name]).length === 0)
  // In a browser this import throws, and the training then says what to import.
  if (device !== undefined && !(await isReady())) await importNodePackage(device).catch(() => undefined)
  return training
}

import { createQueue, type Queue, refuseUnavailable } from '@mobilenetv2/runtime'
import { type Availability, MobileNetV2Error, messageOf } from '@mobilenetv2/spec'
import * as tf from '@tensorflow/tfjs-core'

const remedy =
  "Import a backend of TensorFlow.js and start it: import '@tensorflow/tfjs-backend-wasm' (or -webgpu, -webgl, -cpu), then await tf.setBackend('wasm')."

/** TensorFlow.js has one current backend for the whole program. So tasks that need a certain backend take turns. */
export const takeTurn: Queue = createQueue()

/** `CompiledModel.device` of a backend of TensorFlow.js. */
function deviceOf(name: string): string {
  return `tfjs ${name}`
}

async function currentBackend(): Promise<Availability> {
  try {
    await tf.ready()
    return { available: true, device: deviceOf(tf.getBackend()) }
  } catch (error) {
    const why = messageOf(error)
    return { available: false, reason: `No backend of TensorFlow.js is ready: ${why}`, remedy }
  }
}

/** Starts a backend without making it the current one. */
async function startBackend(name: string): Promise<Availability> {
  if (tf.findBackendFactory(name) === null) {
    return {
      available: false,
      reason: `TensorFlow.js has no backend ${name}.`,
      remedy: `Import the package that registers it, such as @tensorflow/tfjs-backend-${name}. Check with npm ls @tensorflow/tfjs-core that there is only one copy of TensorFlow.js.`,
    }
  }
  // Starting a second backend would cancel a start that is under way.
  if (tf.getBackend()) await tf.ready().catch(() => undefined)
  // findBackend gives null while the backend starts. tf.ready() waits for it.
  if (tf.findBackend(name) === null) await tf.ready()
  if (tf.engine().registry[name] !== undefined) return { available: true, device: deviceOf(name) }
  return {
    available: false,
    reason: `The backend ${name} of TensorFlow.js does not start here.`,
    remedy: 'Read the cause that TensorFlow.js has written to the console, or use another of its backends.',
  }
}

/** Whether the named backend of TensorFlow.js exists and starts. If none is named, whether the current one is ready. */
export function tfjsAvailability(name: string | undefined): Promise<Availability> {
  return name === undefined ? currentBackend() : startBackend(name)
}

/**
 * Makes the named backend of TensorFlow.js the current one. If none is named, the current one stays.
 * @returns the current backend, in the words of `CompiledModel.device`
 * @throws MobileNetV2Error `BACKEND` if the backend does not exist or does not start
 */
export async function requireTfjsBackend(name?: string): Promise<string> {
  const availability = await tfjsAvailability(name)
  if (!availability.available) refuseUnavailable(availability)
  if (name !== undefined && tf.getBackend() !== name) await tf.setBackend(name)
  return availability.device
}

/** @throws MobileNetV2Error `BACKEND` if the current backend of TensorFlow.js is not the one that holds the tensors */
export function checkTfjsBackend(device: string): void {
  const current = deviceOf(tf.getBackend())
  if (current === device) return
  throw new MobileNetV2Error('BACKEND', 'The backend of TensorFlow.js was changed.', {
    expected: `${device}, which holds the tensors`,
    got: current,
    remedy: 'Set the former backend again, or compile (or train) again on this one.',
  })
}

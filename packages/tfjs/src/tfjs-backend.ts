import { type Availability, MobileNetV2Error } from '@mobilenetv2/spec'
import * as tf from '@tensorflow/tfjs-core'

const remedy =
  "Import a tfjs backend and wait for it: import '@tensorflow/tfjs-backend-wasm' (or -webgpu, -webgl, -cpu), then await tf.setBackend('wasm')."

/** The backend that tfjs has set, once it is ready. */
export async function currentTfjsBackend(): Promise<Availability> {
  try {
    await tf.ready()
    return { available: true, device: `tfjs ${tf.getBackend()}` }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { available: false, reason: `TensorFlow.js has no backend that is ready: ${why}`, remedy }
  }
}

/** @throws MobileNetV2Error `BACKEND` where tfjs has none that is ready */
export async function requireTfjsBackend(): Promise<string> {
  const availability = await currentTfjsBackend()
  if (availability.available) return availability.device
  throw new MobileNetV2Error('BACKEND', availability.reason, { remedy: availability.remedy })
}

/** @throws MobileNetV2Error `BACKEND` where tfjs was switched to another backend than the one that holds the tensors */
export function checkTfjsBackend(device: string): void {
  const current = `tfjs ${tf.getBackend()}`
  if (current === device) return
  throw new MobileNetV2Error('BACKEND', 'The backend of TensorFlow.js was changed.', {
    expected: `${device}, which holds the tensors`,
    got: current,
    remedy: 'Set the former backend again, or compile (or train) anew on this one.',
  })
}

import { type MemoryUse, MobileNetV2Error } from '@mobilenetv2/spec'

/** What a model holds after its dispose. */
export const noMemory: MemoryUse = { weights: 0, activations: 0, scratch: 0, code: 0 }

/** The error of every call of a model after its dispose. */
export function disposedError(): MobileNetV2Error {
  return new MobileNetV2Error('DISPOSED', 'The model was used after its dispose().')
}

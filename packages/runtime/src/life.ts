import { type MemoryUse, MobileNetV2Error } from '@mobilenetv2/spec'

/** The memory of a model after `dispose`: none. */
export const noMemory: MemoryUse = { weights: 0, activations: 0, scratch: 0, code: 0 }

/**
 * The error of every call of a model after `dispose`, with the code `DISPOSED`.
 * @internal
 */
export function disposedError(): MobileNetV2Error {
  return new MobileNetV2Error('DISPOSED', 'The model was used after its dispose().')
}

import { MobileNetV2Error } from '@mobilenetv2/spec'
import { assert } from 'vitest'

/**
 * The `MobileNetV2Error` that a promise rejects with.
 * @throws an assertion error if the promise is fulfilled, or rejects with another error
 */
export async function refusal(promise: Promise<unknown>): Promise<MobileNetV2Error> {
  const reason: unknown = await promise.then(
    () => 'no error',
    (error: unknown) => error,
  )
  assert.instanceOf(reason, MobileNetV2Error)
  return reason as MobileNetV2Error
}

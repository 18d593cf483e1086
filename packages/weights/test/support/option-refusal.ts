import { MobileNetV2Error } from '@mobilenetv2/spec'

/** The message of the `OPTION` error that an action ends in; fails on any other end. */
export async function optionRefusalOf(action: () => Promise<unknown>): Promise<string> {
  try {
    await action()
  } catch (error) {
    if (error instanceof MobileNetV2Error && error.code === 'OPTION') return error.message
    throw error
  }
  throw new Error('The option was taken.')
}

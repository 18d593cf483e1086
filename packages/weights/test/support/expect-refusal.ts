import { CheckpointError } from '../../src/index.js'

/** The CheckpointError that a reading ends in; fails on any other end. */
export async function refusalOf(reading: () => Promise<unknown>): Promise<CheckpointError> {
  try {
    await reading()
  } catch (error) {
    if (error instanceof CheckpointError) return error
    throw error
  }
  throw new Error('The file was read.')
}

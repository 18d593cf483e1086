import { mapModeRead } from '../device/flags.js'

/**
 * Reads a buffer that a submission fills. The mapping is asked for at once and does not wait for `accepted`, the device's word that
 * the submission is valid; where it is not, that is what is thrown.
 */
export async function readMapped<Read>(
  buffer: GPUBuffer,
  bytes: number,
  accepted: Promise<void>,
  read: (memory: ArrayBuffer) => Read,
): Promise<Read> {
  const [acceptance, mapping] = await Promise.allSettled([accepted, buffer.mapAsync(mapModeRead, 0, bytes)])
  try {
    if (acceptance.status === 'rejected') throw acceptance.reason
    if (mapping.status === 'rejected') throw mapping.reason
    return read(buffer.getMappedRange(0, bytes))
  } finally {
    if (mapping.status === 'fulfilled') buffer.unmap()
  }
}

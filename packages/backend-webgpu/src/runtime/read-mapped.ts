import { mapModeRead } from '../device/flags.js'

/**
 * Reads a buffer that a submission fills. It maps the buffer at once and does not wait for `accepted`. If the device does not accept the
 * submission, that error is thrown.
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

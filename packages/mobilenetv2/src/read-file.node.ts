import { close, constants, createReadStream, fstat, open, read } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import { promisify } from 'node:util'
import type { UnsharedBytes } from '@mobilenetv2/spec'
import { longestPicture, type ReadSourceOptions, readSource, type SourceLimits } from '@mobilenetv2/weights'

/** How many bytes of a file are read at once. More would be little faster, and would keep the garbage collector busy. */
const step = 2 ** 18

/**
 * Opening a named pipe would block one of libuv's few threads until somebody writes; `O_NONBLOCK` opens it at once. Windows knows neither
 * flag.
 */
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0)

/** Turns Node's stream into a web stream, which all other sources are. */
function streamOf(readable: Readable): ReadableStream<Uint8Array> {
  const pieces: AsyncIterator<Uint8Array> = readable[Symbol.asyncIterator]()
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await pieces.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: () => void readable.destroy(),
    },
    { highWaterMark: 0 },
  )
}

/**
 * The first `length` bytes of a file, in pieces that are valid until the next one is asked for. A small file needs only a small buffer;
 * Node's own stream would take `step` bytes for every file.
 * @throws Error, through the stream, if the file ends earlier
 */
function streamOfFile(fd: number, length: number): ReadableStream<Uint8Array> {
  const buffer = new Uint8Array(Math.min(length, step))
  let left = length
  let reading: Promise<number> = Promise.resolve(0)
  const next = async (piece: Uint8Array): Promise<number> => (await promisify(read)(fd, piece, 0, piece.length, null)).bytesRead
  let ended: Promise<void> | undefined
  // Closes only once, and only after the last read: the system gives the number of a closed file to the next file.
  const end = (): Promise<void> => {
    ended ??= reading.catch(() => 0).then(() => promisify(close)(fd))
    return ended
  }
  return new ReadableStream(
    {
      async pull(controller) {
        const piece = buffer.subarray(0, left)
        reading = next(piece)
        const count = await reading.catch(async (error: unknown) => {
          await end().catch(() => undefined)
          throw error
        })
        if (ended !== undefined) return
        left -= count
        if (count > 0) controller.enqueue(piece.subarray(0, count))
        if (count > 0 && left > 0) return
        await end()
        if (left > 0) throw new Error(`the file became ${left} bytes shorter while it was read`)
        controller.close()
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  )
}

/** An opened file, and its length in bytes; null if it has no length, as a pipe or a device. */
async function openFile(path: string): Promise<{ readonly stream: ReadableStream<Uint8Array>; readonly length: number | null }> {
  const fd = await promisify(open)(path, flags)
  try {
    const stats = await promisify(fstat)(fd)
    if (stats.isDirectory()) throw new TypeError('it is a folder')
    // A socket waits for the pipe in the event loop, so that it blocks no thread.
    if (stats.isFIFO()) return { stream: streamOf(new Socket({ fd, readable: true, writable: false })), length: null }
    // Files of the kernel, such as those in /proc, say that they are empty and are not. So an empty file is read to its end too.
    if (stats.isFile() && stats.size > 0) return { stream: streamOfFile(fd, stats.size), length: stats.size }
    return { stream: streamOf(createReadStream('', { fd, highWaterMark: step })), length: stats.isFile() ? stats.size : null }
  } catch (error) {
    await promisify(close)(fd)
    throw error
  }
}

/**
 * The bytes of a file, a pipe or a device, up to a limit.
 * @throws MobileNetV2Error `SOURCE` if it cannot be read or is longer than the limit; the system's error if it cannot be opened;
 * the signal's reason
 */
export async function readFile(path: string, options: ReadSourceOptions, limits: SourceLimits): Promise<UnsharedBytes> {
  const { stream, length } = await openFile(path)
  return readSource(stream as never, options, { ...limits, claimed: length })
}

/**
 * The bytes of a picture on the standard input.
 * @throws MobileNetV2Error `SOURCE` if it cannot be read or is longer than a picture may be
 */
export async function readStandardInput(): Promise<UnsharedBytes> {
  return readSource(streamOf(process.stdin) as never, {}, { longest: longestPicture, where: 'the standard input' })
}

import { close, constants, createReadStream, fstat, open, read } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import { promisify } from 'node:util'
import type { UnsharedBytes } from '@mobilenetv2/spec'
import { longestPicture, type ReadSourceOptions, readSource, type SourceLimits } from '@mobilenetv2/weights'

/** How much of a file is read at once, in bytes. */
const step = 2 ** 20

/**
 * Opening a named pipe would block one of libuv's few threads until somebody writes; `O_NONBLOCK` opens it at once. Windows knows neither
 * flag.
 */
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0)

/** Node's stream as the stream of the web that all other sources are. */
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

/** The first `length` bytes of a file in pieces of their size: Node's stream takes a whole `step` of memory for each of them. */
function streamOfFile(fd: number, length: number): ReadableStream<Uint8Array> {
  let left = length
  let reading: Promise<number> = Promise.resolve(0)
  const next = async (piece: Uint8Array): Promise<number> => (await promisify(read)(fd, piece, 0, piece.length, null)).bytesRead
  const end = async (): Promise<void> => {
    // The number of a file that is closed may be given to another.
    await reading.catch(() => 0)
    await promisify(close)(fd)
  }
  return new ReadableStream(
    {
      async pull(controller) {
        const piece = new Uint8Array(Math.min(left, step))
        reading = next(piece)
        try {
          const count = await reading
          left -= count
          if (count > 0) controller.enqueue(piece.subarray(0, count))
          if (count > 0 && left > 0) return
        } catch (error) {
          await end()
          throw error
        }
        controller.close()
        await end()
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  )
}

/** An opened file, and its length; null if it has none, as a pipe or a device. */
async function openFile(path: string): Promise<{ readonly stream: ReadableStream<Uint8Array>; readonly length: number | null }> {
  const fd = await promisify(open)(path, flags)
  try {
    const stats = await promisify(fstat)(fd)
    if (stats.isDirectory()) throw new TypeError('it is a folder')
    // A socket waits for a pipe in the event loop, and on no thread.
    if (stats.isFIFO()) return { stream: streamOf(new Socket({ fd, readable: true, writable: false })), length: null }
    // A file of the system that says it is empty may not be.
    if (stats.isFile() && stats.size > 0) return { stream: streamOfFile(fd, stats.size), length: stats.size }
    return { stream: streamOf(createReadStream('', { fd, highWaterMark: step })), length: stats.isFile() ? stats.size : null }
  } catch (error) {
    await promisify(close)(fd)
    throw error
  }
}

/**
 * The bytes of a file, a pipe or a device, up to a limit.
 * @throws MobileNetV2Error `SOURCE` if it cannot be read or is longer; what opening throws; the signal's reason
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

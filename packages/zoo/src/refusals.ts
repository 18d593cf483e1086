import { MobileNetV2Error } from '@mobilenetv2/spec'
import { waysToSupply } from '#files'
import type { FailedAddress } from './download/download.js'
import type { FileLocation } from './entry.js'

/** The error for a file with the name of a model, but with another length or hash. */
export function otherFile(file: string, expected: string, got: string, remedy: string): MobileNetV2Error {
  return new MobileNetV2Error('SOURCE', 'A file has the name of a model, but is not that model.', {
    where: file,
    expected,
    got,
    remedy,
  })
}

/** The error for a file that was in the cache a moment ago, and is not any more. */
export function missingFile(name: string, where: string): MobileNetV2Error {
  return new MobileNetV2Error('SOURCE', 'A file is no longer in the cache.', {
    where: name,
    expected: `a file in ${where}`,
    remedy: 'load the model again',
  })
}

/** The error for a failed call of the browser's cache. */
export function unusableCache(where: string, got: string, cause: unknown): MobileNetV2Error {
  return new MobileNetV2Error('SOURCE', "The browser's cache cannot be used.", {
    where,
    got,
    remedy: "clear this site's data in the browser, or give the bytes of the checkpoint in place of the model's id",
    cause,
  })
}

const unavailableFile = 'The file of a model is not on this machine, and cannot be downloaded.'

const tooLongFile = 'A file in the cache is longer than is allowed here.'

/** Whether an error is that of `unavailable` or `tooLong`: the file cannot be had, but nothing is wrong with the cache. */
export function cannotBeHad({ message }: MobileNetV2Error): boolean {
  return [unavailableFile, tooLongFile].some((what) => message.startsWith(what))
}

/**
 * The error for a file of the cache that is the right one, but longer than its reader accepts. The file stays in the
 * cache, because another reader may accept it.
 */
export function tooLong(file: string, longest: number, bytes: number): MobileNetV2Error {
  return new MobileNetV2Error('SOURCE', tooLongFile, {
    where: file,
    expected: `at most ${longest} bytes`,
    got: `${bytes} bytes`,
    remedy: 'if this is not the file that you mean, delete it: it is then downloaded again',
  })
}

/** The remedy for a file whose hash is known from its first download only. */
const wayToForget =
  'if the publisher changed the file, forget its old hash with removeCachedModel, or delete its .json file in the cache'

/**
 * The error for a file that is neither in the folder nor in the cache, and that no address gave. It lists the addresses that were tried,
 * why each failed, and how the file can be supplied.
 */
export function unavailable(
  { name, bytes, sha256 }: FileLocation,
  folder: string | undefined,
  cache: string,
  addresses: readonly FailedAddress[],
): MobileNetV2Error {
  const recorded = sha256 === null && addresses.some(({ reason }) => reason.includes('SHA-256'))
  const ways = recorded ? [...waysToSupply, wayToForget] : waysToSupply
  const got = [
    folder === undefined ? 'MOBILENETV2_MODELS is not set' : `no such file in ${folder}`,
    `not in the cache (${cache})`,
    ...addresses.map(({ url, reason }) => `${url}: ${reason}`),
  ]
  return new MobileNetV2Error('SOURCE', unavailableFile, {
    where: name,
    expected: bytes === null ? 'a file of this name' : `a file of this name, ${bytes} bytes`,
    got: got.join('; '),
    remedy: `one of: ${ways.map((way, index) => `(${index + 1}) ${way}`).join('; ')}`,
  })
}

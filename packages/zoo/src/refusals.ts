import { MobileNetV2Error } from '@mobilenetv2/spec'
import { waysToSupply } from '#files'
import type { FailedAddress } from './download/download.js'
import type { FileLocation } from './entry.js'

/** A file that has the name of a model, but another length or hash than it must have. */
export function otherFile(file: string, expected: string, got: string, remedy: string): MobileNetV2Error {
  return new MobileNetV2Error('SOURCE', 'A file has the name of a model, but is not that model.', {
    where: file,
    expected,
    got,
    remedy,
  })
}

/** A file that was in a cache a moment ago, or should have been. */
export function missingFile(name: string, where: string): MobileNetV2Error {
  return new MobileNetV2Error('SOURCE', 'A file is no longer in the cache.', {
    where: name,
    expected: `a file in ${where}`,
    remedy: 'load the model again',
  })
}

/** A browser's cache that refuses what is asked of it. */
export function unusableCache(where: string, got: string, cause: unknown): MobileNetV2Error {
  return new MobileNetV2Error('SOURCE', "The browser's cache cannot be used.", {
    where,
    got,
    remedy: "clear this site's data in the browser, or give the bytes of the checkpoint in place of the model's id",
    cause,
  })
}

const unavailableFile = 'The file of a model is not there, and cannot be downloaded.'

const tooLongFile = 'A file in the cache is too long for what it is read for.'

/** Whether an error is that of `unavailable` or `tooLong`: without the file, but with nothing to mend in the cache. */
export function cannotBeHad({ message }: MobileNetV2Error): boolean {
  return [unavailableFile, tooLongFile].some((what) => message.startsWith(what))
}

/** A file of the cache that was not changed, but is longer than its reader takes. It stays: another reader may take it. */
export function tooLong(file: string, longest: number, bytes: number): MobileNetV2Error {
  return new MobileNetV2Error('SOURCE', tooLongFile, {
    where: file,
    expected: `at most ${longest} bytes`,
    got: `${bytes} bytes`,
    remedy: 'if this is not the file that is meant, delete it: it is then downloaded anew',
  })
}

/** For a file whose hash is only known from its first download. */
const wayToForget =
  'if the file was changed on purpose, forget its old hash: removeCachedModel, or delete the file of its name and .json in the cache'

/** A file that is neither at hand nor to be had: which addresses were tried, why each failed, and how to supply the file. */
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

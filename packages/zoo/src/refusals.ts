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

const unavailableFile = 'The file of a model is not there, and cannot be downloaded.'

/** Whether an error is that of `unavailable`. */
export function isUnavailable({ message }: MobileNetV2Error): boolean {
  return message.startsWith(unavailableFile)
}

/** A file that is neither at hand nor to be had: which addresses were tried, why each failed, and how to supply the file. */
export function unavailable(
  { name, bytes }: FileLocation,
  folder: string | undefined,
  cache: string,
  addresses: readonly FailedAddress[],
): MobileNetV2Error {
  const got = [
    folder === undefined ? 'MOBILENETV2_MODELS is not set' : `no such file in ${folder}`,
    `not in the cache (${cache})`,
    ...addresses.map(({ url, reason }) => `${url}: ${reason}`),
  ]
  return new MobileNetV2Error('SOURCE', unavailableFile, {
    where: name,
    expected: bytes === null ? 'a file of this name' : `a file of this name, ${bytes} bytes`,
    got: got.join('; '),
    remedy: `one of: ${waysToSupply.map((way, index) => `(${index + 1}) ${way}`).join('; ')}`,
  })
}

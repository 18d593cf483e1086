import type { PartialFile } from '../store/store.js'
import { AttemptFailure } from './attempt-failure.js'
import { type Patience, wait, waitAfter } from './patience.js'
import { type TransferOptions, transfer } from './transfer.js'

/** The options of a download. */
export interface DownloadSpec extends Omit<TransferOptions, 'longestStall'> {
  /** The addresses in the order in which they are tried. */
  readonly urls: readonly string[]
  /** The SHA-256 of the file in hexadecimal, or its first digits; null if it is not known. */
  readonly sha256: string | null
  readonly patience: Patience
}

/** An address, and why it did not give the file. */
export interface FailedAddress {
  readonly url: string
  readonly reason: string
}

/** The address that gave the file and the file's SHA-256, or why no address gave it. */
export type DownloadOutcome =
  | { readonly kind: 'done'; readonly url: string; readonly sha256: string }
  | { readonly kind: 'failed'; readonly addresses: readonly FailedAddress[] }

/** Tries one address until it has given the whole file, or further attempts would fail too. */
async function downloadFrom(url: string, partial: PartialFile, spec: DownloadSpec): Promise<void> {
  const { patience, signal } = spec
  let furthest = partial.length
  for (let failures = 1; ; failures++) {
    try {
      return await transfer(url, partial, { ...spec, longestStall: patience.longestStall })
    } catch (error) {
      if (!(error instanceof AttemptFailure) || !error.mayPass) throw error
      // After an attempt that got further than those before it, counting starts again.
      if (partial.length > furthest) failures = 1
      furthest = Math.max(furthest, partial.length)
      if (failures >= patience.attempts) {
        throw new AttemptFailure(`${error.message}, after ${failures} attempts`, { mayPass: false, cause: error })
      }
      if (error.waitMs > patience.longestAskedWait) {
        const seconds = Math.ceil(error.waitMs / 1000)
        throw new AttemptFailure(`${error.message}, to be tried again after ${seconds} s`, { mayPass: false, cause: error })
      }
      await wait(Math.max(error.waitMs, waitAfter(failures, patience)), signal)
    }
  }
}

/**
 * Downloads a file into `partial` from the first address that gives it, and checks its hash. A file with another hash is deleted.
 * @throws the signal's reason if the signal is aborted
 * @throws the errors of `partial`, such as a full disk
 */
export async function download(partial: PartialFile, spec: DownloadSpec): Promise<DownloadOutcome> {
  const addresses: FailedAddress[] = []
  for (const url of spec.urls) {
    try {
      const resumed = partial.length > 0
      await downloadFrom(url, partial, spec)
      let sha256 = await partial.sha256()
      const isMeant = (): boolean => spec.sha256 === null || sha256.startsWith(spec.sha256)
      if (resumed && !isMeant()) {
        // The bytes that an earlier process left may be wrong, not those of this address.
        await partial.restart(null)
        await downloadFrom(url, partial, spec)
        sha256 = await partial.sha256()
      }
      if (isMeant()) return { kind: 'done', url, sha256 }
      await partial.restart(null)
      addresses.push({ url, reason: `refused and deleted: its SHA-256 is ${sha256}, expected ${spec.sha256}` })
    } catch (error) {
      if (!(error instanceof AttemptFailure)) throw error
      addresses.push({ url, reason: error.message })
    }
  }
  return { kind: 'failed', addresses }
}

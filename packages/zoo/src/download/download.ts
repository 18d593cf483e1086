import type { PartialFile } from '../store/store.js'
import { AttemptFailure } from './attempt-failure.js'
import { type Patience, wait, waitAfter } from './patience.js'
import { type TransferOptions, transfer } from './transfer.js'

/** What a download needs to know. */
export interface DownloadSpec extends Omit<TransferOptions, 'longestStall'> {
  /** In the order in which to try. */
  readonly urls: readonly string[]
  /** What the file's SHA-256 starts with, hexadecimal; null where nobody knows. */
  readonly sha256: string | null
  readonly patience: Patience
}

/** An address and why the file could not be had there. */
export interface FailedAddress {
  readonly url: string
  readonly reason: string
}

/** Where a file came from and its SHA-256, or why no address gave it. */
export type DownloadOutcome =
  | { readonly kind: 'done'; readonly url: string; readonly sha256: string }
  | { readonly kind: 'failed'; readonly addresses: readonly FailedAddress[] }

/** Tries one address until it gives all of the file, or fails in a way that will not pass. */
async function downloadFrom(url: string, partial: PartialFile, spec: DownloadSpec): Promise<void> {
  const { patience, signal } = spec
  let furthest = partial.length
  for (let failures = 1; ; failures++) {
    try {
      return await transfer(url, partial, { ...spec, longestStall: patience.longestStall })
    } catch (error) {
      if (!(error instanceof AttemptFailure) || !error.mayPass) throw error
      // An attempt that got further than all before it is worth another row of them.
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
 * Downloads a file into `partial` and checks its hash, from the first address that gives it. A file of another hash is dropped.
 * @throws the signal's reason where it was aborted, and what `partial` throws (a full disk)
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
        // What an earlier process left may be at fault, not the address.
        await partial.restart(null)
        await downloadFrom(url, partial, spec)
        sha256 = await partial.sha256()
      }
      if (isMeant()) return { kind: 'done', url, sha256 }
      await partial.restart(null)
      addresses.push({ url, reason: `refused and deleted: its SHA-256 is ${sha256}, expected was ${spec.sha256}` })
    } catch (error) {
      if (!(error instanceof AttemptFailure)) throw error
      addresses.push({ url, reason: error.message })
    }
  }
  return { kind: 'failed', addresses }
}

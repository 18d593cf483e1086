import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** A file that is written piece by piece under another name, and gets its own name when it is whole. */
export interface RisingFile {
  write(bytes: string | Uint8Array): Promise<void>
  /** Gives the file its name. */
  finish(): Promise<void>
  /** Removes what was written. Has no effect after `finish`. */
  drop(): Promise<void>
}

/** Begins a file. */
export async function beginFile(path: string): Promise<RisingFile> {
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  const file = await open(beside, 'wx')
  return {
    write: (bytes) => file.appendFile(bytes),
    async finish() {
      // Some file systems report a full disk only here.
      await file.sync()
      await file.close()
      await rename(beside, path)
    },
    async drop() {
      // It may be closed already.
      await file.close().catch(() => undefined)
      await rm(beside, { force: true })
    },
  }
}

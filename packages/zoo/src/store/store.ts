import type { UnsharedBytes } from '@mobilenetv2/spec'

/** What the cache records about a file when it is downloaded. */
export interface FileRecord {
  readonly name: string
  readonly bytes: number
  /** 64 hexadecimal digits. It is checked whenever the file is used. */
  readonly sha256: string
  /** The address that it was downloaded from. */
  readonly url: string
}

/** What the server said about the file of a partial download. Without an ETag the download cannot be resumed. */
export interface Validator {
  readonly url: string
  readonly etag: string | null
}

/** The file of a download that is not complete. No other process reads or writes it. */
export interface PartialFile {
  /** Number of bytes that have arrived. If an earlier download was interrupted, it is more than 0 from the start. */
  readonly length: number
  readonly validator: Validator | null
  /** Deletes the bytes, to start again. */
  restart(validator: Validator | null): Promise<void>
  append(chunk: Uint8Array): Promise<void>
  /** The SHA-256 of the bytes, in hexadecimal. */
  sha256(): Promise<string>
  /** Moves the complete file into the cache. Other processes see either no file or all of it. */
  commit(record: FileRecord): Promise<void>
  /** Gives up. The bytes are kept if the store can resume the download later and has room, else they are deleted. It never throws. */
  release(): Promise<void>
}

/** A cache of model files. All errors that it throws are MobileNetV2Errors with the code `SOURCE`. */
export interface ModelStore {
  /** Where it is: a folder, the name of a browser's cache, or memory. */
  readonly where: string
  /** A sentence for users if files are not kept; else null. */
  readonly notice: string | null
  /** What errors and reports call a file: its path, if it has one. */
  pathOf(name: string): string
  /** The record of a file; `broken` if it cannot be understood, null if there is none. */
  record(name: string): Promise<FileRecord | 'broken' | null>
  /** Length of a file; null if there is none. */
  sizeOf(name: string): Promise<number | null>
  /** The SHA-256 of a file in hexadecimal. In Node the file is read in pieces. */
  sha256(name: string): Promise<string>
  read(name: string): Promise<UnsharedBytes>
  /** Removes a file and, unless `keepRecord` is true, its record. Gives whether there was such a file. */
  remove(name: string, keepRecord?: boolean): Promise<boolean>
  openPartial(name: string): Promise<PartialFile>
}

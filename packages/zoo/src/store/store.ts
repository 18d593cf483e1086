import type { UnsharedBytes } from '@mobilenetv2/spec'

/** What the cache knows of a file in it. */
export interface FileRecord {
  readonly name: string
  readonly bytes: number
  /** Hexadecimal, 64 digits: taken when the file was downloaded, and checked whenever it is used. */
  readonly sha256: string
  /** The address that it came from. */
  readonly url: string
}

/** What a server said of the file that a partial download belongs to; without an ETag it cannot be resumed. */
export interface Validator {
  readonly url: string
  readonly etag: string | null
}

/** A download on its way into the cache. Nobody else sees or writes it. */
export interface PartialFile {
  /** Bytes that are there already: more than 0 where an earlier download was interrupted. */
  readonly length: number
  readonly validator: Validator | null
  /** Drops what is there and starts anew. */
  restart(validator: Validator | null): Promise<void>
  append(chunk: Uint8Array): Promise<void>
  /** SHA-256 of what is there, hexadecimal. */
  sha256(): Promise<string>
  /** Puts the file into the cache, in one step for whoever looks; the partial file is gone then. */
  commit(record: FileRecord): Promise<void>
  /** Gives the partial file up: kept for a later download to resume if the store can and has room, else dropped. It never throws. */
  release(): Promise<void>
}

/** A cache of model files. What it throws is a MobileNetV2Error `SOURCE`. */
export interface ModelStore {
  /** Where it is: a folder, the name of a browser's cache, or memory. */
  readonly where: string
  /** What the user should know of it, or null: that it forgets. */
  readonly notice: string | null
  /** What a file of it is called in errors and reports: a path, where there is one. */
  pathOf(name: string): string
  /** What is known of a file; `broken` if that cannot be understood, null if nothing is. */
  record(name: string): Promise<FileRecord | 'broken' | null>
  /** Length of a file, or null where it is not there. */
  sizeOf(name: string): Promise<number | null>
  /** SHA-256 of a file, hexadecimal, without holding all of the file in memory where the platform can. */
  sha256(name: string): Promise<string>
  read(name: string): Promise<UnsharedBytes>
  /** Whether the file was there. What is known of it is kept where `keepRecord` says so. */
  remove(name: string, keepRecord?: boolean): Promise<boolean>
  openPartial(name: string): Promise<PartialFile>
}

import { messageOf } from './message-of.js'

/** An error of the operating system in words that a message can use. */
export interface SystemError {
  /** What it means, with the system's code. */
  readonly got: string
  /** What to do, if the code tells. */
  readonly remedy?: string | undefined
}

const meanings: Readonly<Record<string, readonly [meaning: string, remedy: string]>> = {
  EACCES: ['this user has no permission for it', 'Give this user the permission.'],
  EDQUOT: ["this user's share of the disk is full", 'Delete files.'],
  EFBIG: ['the file is larger than the system allows', 'Raise the limit (ulimit -f).'],
  EISDIR: ['a folder has this name', 'Give another name.'],
  ELOOP: ['symbolic links lead to each other', 'Remove the links.'],
  EMFILE: ['this process has too many open files', 'Raise the limit (ulimit -n 1024).'],
  EMLINK: ['there are too many links', 'Remove some of them.'],
  ENAMETOOLONG: ['the name is too long', 'Give a shorter name.'],
  ENFILE: ['this machine has too many open files', 'End other programs, then try again.'],
  ENOENT: ['there is no such file or folder', 'Check the name, and that its folder is there.'],
  ENOSPC: ['the disk is full', 'Make room on the disk.'],
  ENOTDIR: ['a part of the path is a file, not a folder', 'Check the names of the folders.'],
  EPERM: ['the system does not permit it', 'Give this user the permission.'],
  EROFS: ['the disk is read-only', 'Make the disk writable.'],
}

/**
 * The code of an error of Node, such as `ERR_DLOPEN_FAILED`; undefined if it has none. The error may be of another realm.
 * @internal
 */
export function nodeCode(error: unknown): string | undefined {
  const { code } = Object(error) as { readonly code?: unknown }
  return typeof code === 'string' ? code : undefined
}

/**
 * The code of an error of the operating system, such as `ENOSPC`; undefined for all other errors.
 * @internal
 */
export function systemCode(error: unknown): string | undefined {
  const code = nodeCode(error)
  return code !== undefined && (code in meanings || 'syscall' in Object(error)) ? code : undefined
}

/**
 * Whether an error of the file system says that no file has the name.
 * @internal
 */
export function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(systemCode(error) ?? '')
}

/**
 * What an error of reading or writing a file means. If the error is not of the operating system, or its code is not in the table, `got` is
 * the error's own message.
 * @internal
 */
export function systemError(error: unknown): SystemError {
  const code = systemCode(error)
  const known = code === undefined ? undefined : meanings[code]
  if (known !== undefined) return { got: `${known[0]} (${code})`, remedy: known[1] }
  return { got: messageOf(error) }
}

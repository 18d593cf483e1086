import { messageOf } from './message-of.js'

/** What an operating system's error means for somebody who reads or writes a file. */
export interface SystemError {
  /** In a user's words, with the system's code. */
  readonly got: string
  /** What to do, if there is a usual way. */
  readonly remedy?: string | undefined
}

const meanings: Readonly<Record<string, readonly [meaning: string, remedy: string]>> = {
  EACCES: ['there is no permission for that', 'Give this user the permission.'],
  EDQUOT: ["this user's share of the disk is full", 'Delete files.'],
  EFBIG: ['the file is larger than the system allows', 'Raise the limit (ulimit -f).'],
  EISDIR: ['a folder has this name', 'Give another name.'],
  ELOOP: ['symbolic links lead to each other', 'Remove the links.'],
  EMFILE: ['this process has too many files open', 'Raise the limit (ulimit -n 1024).'],
  EMLINK: ['there are too many links', 'Remove some of them.'],
  ENAMETOOLONG: ['the name is too long', 'Give a shorter name.'],
  ENFILE: ['this machine has too many files open', 'End other programs, then try again.'],
  ENOENT: ['there is no such file or folder', 'Check the name, and that its folder is there.'],
  ENOSPC: ['the disk is full', 'Make room on the disk.'],
  ENOTDIR: ['a file stands where a folder must be', 'Check the names of the folders.'],
  EPERM: ['the system does not permit it', 'Give this user the permission.'],
  EROFS: ['the disk can only be read', 'Make the disk writable.'],
}

/** The code that Node gives an error, of whatever realm, such as `ERR_DLOPEN_FAILED`; undefined if it has none. */
export function nodeCode(error: unknown): string | undefined {
  const { code } = Object(error) as { readonly code?: unknown }
  return typeof code === 'string' ? code : undefined
}

/** The code that an operating system gave an error, such as `ENOSPC`; undefined for all other errors. */
export function systemCode(error: unknown): string | undefined {
  const code = nodeCode(error)
  return code !== undefined && (code in meanings || 'syscall' in Object(error)) ? code : undefined
}

/** Whether an error of the file system says that there is no file of the name. */
export function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(systemCode(error) ?? '')
}

/**
 * What an error of reading or writing a file means. For an error that the operating system did not give, and for codes that are not in the
 * table, `got` is the error's own message.
 */
export function systemError(error: unknown): SystemError {
  const code = systemCode(error)
  const known = code === undefined ? undefined : meanings[code]
  if (known !== undefined) return { got: `${known[0]} (${code})`, remedy: known[1] }
  return { got: messageOf(error) }
}

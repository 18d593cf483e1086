/** The code that Node gives an error, such as `ERR_DLOPEN_FAILED`; null if it has none. */
export function nodeCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}

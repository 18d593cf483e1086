/** The code that Node gives an error, of whatever realm, such as `ERR_DLOPEN_FAILED`; null if it has none. */
export function nodeCode(error: unknown): string | null {
  const { code } = Object(error) as { readonly code?: unknown }
  return typeof code === 'string' ? code : null
}

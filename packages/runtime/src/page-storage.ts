/** The page's localStorage; null in Node, in workers, and if the user has blocked it. */
export function pageStorage(): Storage | null {
  try {
    return typeof document === 'undefined' ? null : localStorage
  } catch {
    return null
  }
}

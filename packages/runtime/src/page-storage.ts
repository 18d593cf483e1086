/** The methods of localStorage that are used here. The types of Node have no `Storage`, so this type has its own name. */
export interface PageStorage {
  /** The value that is stored under a name; null if there is none. */
  getItem(name: string): string | null
  /** Stores a value under a name. It throws if the storage is full. */
  setItem(name: string, value: string): void
}

/**
 * The page's localStorage; null in Node, in workers, and if the user has blocked it.
 * @internal
 */
export function pageStorage(): PageStorage | null {
  try {
    return typeof document === 'undefined' ? null : localStorage
  } catch {
    return null
  }
}

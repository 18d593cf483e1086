/** What is used of a page's localStorage. Types of Node have no `Storage`, so it has a name of its own here. */
export interface PageStorage {
  getItem(name: string): string | null
  setItem(name: string, value: string): void
}

/** The page's localStorage; null in Node, in workers, and if the user has blocked it. */
export function pageStorage(): PageStorage | null {
  try {
    return typeof document === 'undefined' ? null : localStorage
  } catch {
    return null
  }
}

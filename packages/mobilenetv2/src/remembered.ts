import { pageStorage } from '@mobilenetv2/runtime'

/** The backend that `auto` has chosen, and why. */
export interface Finding {
  readonly name: string
  readonly reason: string
}

const found = new Map<string, Finding>()

const storedName = (key: string): string => `mobilenetv2 ${key}`

/** What was found for a key, by this process or on an earlier visit of the page. */
export function recall(key: string): Finding | undefined {
  const known = found.get(key)
  if (known !== undefined) return known
  try {
    const { name, reason } = JSON.parse(pageStorage()?.getItem(storedName(key)) ?? '{}') as Partial<Finding>
    return typeof name === 'string' && typeof reason === 'string' ? { name, reason } : undefined
  } catch {
    return undefined
  }
}

/** Keeps a finding. If the storage of the page is full, it is kept for this visit only. */
export function remember(key: string, finding: Finding): void {
  found.set(key, finding)
  try {
    pageStorage()?.setItem(storedName(key), JSON.stringify(finding))
  } catch {
    // The storage is full or forbidden: the next visit measures again.
  }
}

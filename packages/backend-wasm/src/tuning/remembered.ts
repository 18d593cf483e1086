import { pageStorage } from '@mobilenetv2/runtime'
import type { Level } from '../codegen/simd-level.js'

/** What a page remembers. It is valid for one version of one browser. */
interface Remembered {
  readonly userAgent: string
  readonly tilePixels: number
}

const storedName = (level: Level): string => `mobilenetv2 tuning ${level}`

/** What this page has measured. It is known even if the storage is full. */
const measured = new Map<Level, number>()

/** Whether a measurement can be remembered for the next visit. */
export function canRemember(): boolean {
  return pageStorage() !== null
}

/** The tile of the tuning that this page, or an earlier visit in this browser, measured; undefined if none did. */
export function recallTile(level: Level): number | undefined {
  const own = measured.get(level)
  if (own !== undefined) return own
  try {
    const { userAgent, tilePixels } = JSON.parse(pageStorage()?.getItem(storedName(level)) ?? '{}') as Partial<Remembered>
    return userAgent === navigator.userAgent ? tilePixels : undefined
  } catch {
    return undefined
  }
}

/** Remembers a measurement for later models of this page and for the next visit. */
export function rememberTile(level: Level, tilePixels: number): void {
  measured.set(level, tilePixels)
  const remembered: Remembered = { userAgent: navigator.userAgent, tilePixels }
  try {
    pageStorage()?.setItem(storedName(level), JSON.stringify(remembered))
  } catch {
    // The storage is full: the next visit measures again.
  }
}

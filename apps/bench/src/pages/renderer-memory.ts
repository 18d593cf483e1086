import type { Browser } from 'playwright'
import { highestMemory } from '../memory.js'

/** The highest resident memory so far of each renderer of the browser, by process id; empty if the operating system does not tell it. */
export async function rendererMemory(browser: Browser): Promise<ReadonlyMap<number, number>> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const renderers = processInfo.filter(({ type }) => type === 'renderer')
  const found = await Promise.all(renderers.map(async ({ id }) => [id, await highestMemory(id)] as const))
  return new Map(found.flatMap(([id, bytes]) => (bytes === null ? [] : [[id, bytes] as const])))
}

/** The growth of the renderer that grew most; null if no memory is known. */
export function growth(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number | null {
  const grown = [...after].flatMap(([id, bytes]) => {
    const start = before.get(id)
    return start === undefined ? [] : [bytes - start]
  })
  return grown.length === 0 ? null : Math.max(...grown)
}

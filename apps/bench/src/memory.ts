import { readFile } from 'node:fs/promises'

const bytesPerKibibyte = 1024

/**
 * The highest resident memory of a process so far, in bytes; null where the system does not tell. Linux has it by process; for
 * this very process, other systems have it too. (On Linux `resourceUsage` is of no use: a child starts with its parent's figure.)
 */
export async function highestMemory(pid: number): Promise<number | null> {
  if (process.platform !== 'linux') return pid === process.pid ? process.resourceUsage().maxRSS * bytesPerKibibyte : null
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kibibytes === undefined ? null : Number(kibibytes) * bytesPerKibibyte
  } catch {
    return null
  }
}

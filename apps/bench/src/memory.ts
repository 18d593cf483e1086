import { readFile } from 'node:fs/promises'

const bytesPerKibibyte = 1024

/**
 * The highest resident memory of a process so far, in bytes; null if the operating system does not tell it. Linux tells it for every
 * process, other systems for the calling process only. Linux does not use `resourceUsage`, because a child process inherits the value of
 * its parent.
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

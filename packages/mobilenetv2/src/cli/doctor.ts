import { availableParallelism } from 'node:os'
import { defaultModel, list } from '@mobilenetv2/zoo'
import type { Command } from 'commander'
import colors from 'picocolors'
import { backendAvailability } from '../backends.js'

/** One thing that was looked at: whether it is well, what was found, and what would help. */
interface Finding {
  readonly name: string
  readonly well: boolean
  readonly found: string
  readonly remedy?: string
}

async function sharpFinding(): Promise<Finding> {
  try {
    const { default: sharp } = await import('sharp')
    return { name: 'pictures', well: true, found: `sharp ${sharp.versions.sharp ?? ''}`.trim() }
  } catch {
    return { name: 'pictures', well: false, found: 'sharp is not installed', remedy: 'npm install sharp' }
  }
}

async function findings(): Promise<Finding[]> {
  const backends = (await backendAvailability()).map(
    ({ name, availability }): Finding =>
      availability.available
        ? { name, well: true, found: availability.device }
        : { name, well: false, found: availability.reason, remedy: availability.remedy },
  )
  const { reason } = await defaultModel(process.env.MOBILENETV2_MODELS)
  const cached = await list()
  return [
    { name: 'Node', well: true, found: `${process.version}, ${availableParallelism()} processors (--threads uses them)` },
    ...backends,
    await sharpFinding(),
    { name: 'default model', well: true, found: reason },
    { name: 'cache', well: true, found: cached.length === 0 ? 'no model' : cached.map(({ entry }) => entry.id).join(', ') },
  ]
}

/** `doctor`: what runs here, and what would help where something does not. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('say what runs on this machine, and what would help where something does not')
    .action(async () => {
      for (const { name, well, found, remedy } of await findings()) {
        console.log(`${well ? colors.green('ok') : colors.yellow('--')}  ${name.padEnd(14)} ${found}`)
        if (remedy !== undefined) console.log(`${' '.repeat(19)}what to do: ${remedy}`)
      }
    })
}

import { MobileNetV2Error } from '@mobilenetv2/spec'
import { type Command, Option } from 'commander'
import { importNodePackage, missingPackages } from '../files.node.js'
import { say } from './output.js'
import { printable } from './printable.js'

/** The package of the queue. It is an optional peer, so only its types are imported. */
export type QueuePackage = typeof import('@mobilenetv2/queue')

/** The flag of both commands of a queue. */
export interface QueueFlags {
  readonly queue: string
}

/** The flag that names the queue. The environment can name it too, so that its password is in no list of processes. */
export function queueOption(): Option {
  return new Option('--queue <address>', 'the Redis of the queue: redis://:PASSWORD@host:6379').env('MOBILENETV2_QUEUE')
}

/**
 * Imports the package of the queue.
 * @throws MobileNetV2Error `OPTION` if no queue is named; `BACKEND` if the package is not installed
 */
export async function importQueue(queue: string | undefined): Promise<QueuePackage> {
  if (queue === undefined) {
    throw new MobileNetV2Error('OPTION', 'No queue is named.', {
      where: 'option --queue',
      remedy: 'Give --queue redis://host:6379, or the environment variable MOBILENETV2_QUEUE.',
    })
  }
  const name = '@mobilenetv2/queue'
  if (missingPackages([name]).length > 0) {
    throw new MobileNetV2Error('BACKEND', 'The queue is not installed.', { remedy: `npm install ${name} bullmq ioredis` })
  }
  return importNodePackage<QueuePackage>(name)
}

/** Says that Redis is away, and that it is back. */
export const sayConnection: { away(reason: string): void; back(): void } = {
  away: (reason) => say(`Redis is away: ${printable(reason)}. This program waits until it is back.`),
  back: () => say('Redis is back.'),
}

/** Adds the flag that names the queue. */
export function addQueueFlag(command: Command): Command {
  return command.addOption(queueOption())
}

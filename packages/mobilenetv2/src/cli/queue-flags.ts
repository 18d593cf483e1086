import { MobileNetV2Error } from '@mobilenetv2/spec'
import { type Command, Option } from 'commander'
import { packageMissing } from './optional-package.js'
import { say } from './output.js'
import { printable } from './printable.js'

/** The optional package of the queue. */
export type QueuePackage = typeof import('@mobilenetv2/queue')

/** The flag of both commands of a queue. */
export interface QueueFlags {
  readonly queue: string
}

/** Adds the flag that names the queue. The environment can name the queue too, so that its password is in no list of processes. */
export function addQueueFlag(command: Command): Command {
  const flag = new Option('--queue <address>', 'the Redis of the queue: redis://:PASSWORD@host:6379')
  return command.addOption(flag.env('MOBILENETV2_QUEUE'))
}

/**
 * The optional package `@mobilenetv2/queue`.
 * @throws MobileNetV2Error `OPTION` if no queue is named; `BACKEND` if the package is not installed
 */
export async function importQueue(queue: string | undefined): Promise<QueuePackage> {
  if (queue === undefined) {
    throw new MobileNetV2Error('OPTION', 'No queue is named.', {
      where: 'option --queue',
      remedy: 'Give --queue redis://host:6379, or the environment variable MOBILENETV2_QUEUE.',
    })
  }
  return import('@mobilenetv2/queue').catch((cause: unknown) => {
    throw packageMissing('A queue of pictures', ['@mobilenetv2/queue', 'bullmq', 'ioredis'], cause)
  })
}

/** Says that Redis is away, and that it is back. */
export const sayConnection: { away(reason: string): void; back(): void } = {
  away: (reason) => say(`Redis is away: ${printable(reason)}. This program waits until it is back.`),
  back: () => say('Redis is back.'),
}

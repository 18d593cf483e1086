import type { Batch } from './batch.js'
import { loadBullMq, prefix, type Queue, queueName } from './bullmq.js'
import { type ConnectionListener, openRedis, type Redis } from './redis.js'

/** An open queue, and the connection that it uses. */
interface OpenQueue {
  readonly queue: Queue<Batch>
  readonly redis: Redis
  close(): Promise<void>
}

/**
 * Opens the queue, for adding and counting batches.
 * @throws MobileNetV2Error as `openRedis`; `BACKEND` if BullMQ is not installed
 */
export async function openQueue(address: string, connection: ConnectionListener | undefined): Promise<OpenQueue> {
  const { Queue } = loadBullMq()
  const { redis, close } = await openRedis(address, connection)
  const queue = new Queue<Batch>(queueName, { connection: redis, prefix })
  // If Redis is away, the listener of the connection is told.
  queue.on('error', () => {})
  return {
    queue,
    redis,
    async close() {
      await queue.close()
      close()
    },
  }
}

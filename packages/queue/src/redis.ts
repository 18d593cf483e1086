import { MobileNetV2Error } from '@mobilenetv2/spec'
import { loadPackage } from './load-package.js'
import { queueError, redisReason } from './redis-error.js'

// The members of ioredis that are used. The package is not installed where this is compiled.

/** A connection to Redis, which ioredis opens again when it was lost. */
export interface Redis {
  connect(): Promise<void>
  disconnect(): void
  on(event: 'error', listener: (error: unknown) => void): this
  on(event: 'ready' | 'close', listener: () => void): this
  eval(script: string, keys: number, ...texts: readonly (string | number)[]): Promise<unknown>
  hgetall(key: string): Promise<Readonly<Record<string, string>>>
  smismember(key: string, ...members: readonly string[]): Promise<readonly number[]>
}

interface Package {
  readonly Redis: new (
    address: string,
    options: {
      readonly lazyConnect: boolean
      readonly maxRetriesPerRequest: null
      readonly retryStrategy: (times: number) => number | null
    },
  ) => Redis
}

/** Is told of a connection: `away`, with the reason, when it was lost, and `back` when it is there again. */
export interface ConnectionListener {
  away(reason: string): void
  back(): void
}

/** An open connection. */
export interface OpenRedis {
  readonly redis: Redis
  /** Ends the connection at once. The listener is told nothing. */
  close(): void
}

/** The address without its password. */
export function shownAddress(address: string): string {
  return address.replace(/^(\w+:\/\/)[^@/]*@/, '$1')
}

/** The longest pause, in milliseconds, between two attempts to open a lost connection again. */
const longestPause = 2000

/**
 * Opens a connection to Redis. The first attempt must succeed; a connection that is lost later is opened again for as long as it takes, and
 * commands wait for it.
 * @throws MobileNetV2Error `OPTION` if the address is not one of Redis; `QUEUE` if Redis cannot be reached or refuses the password;
 * `BACKEND` if ioredis is not installed
 */
export async function openRedis(address: string, listener?: ConnectionListener): Promise<OpenRedis> {
  if (!/^rediss?:\/\/./.test(address)) {
    throw new MobileNetV2Error('OPTION', 'This is no address of Redis.', {
      where: 'option queue',
      expected: 'redis://host:6379 or, with a password, redis://:PASSWORD@host:6379; rediss: for TLS',
      got: shownAddress(address),
    })
  }
  const { Redis } = loadPackage<Package>('ioredis', 'A queue of pictures')
  let isOpened = false
  let isAway = false
  let first: unknown
  const redis = new Redis(address, {
    lazyConnect: true,
    // BullMQ demands it.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (isOpened ? Math.min(100 * times, longestPause) : null),
  })
  const setAway = (reason: string): void => {
    if (!isOpened || isAway) return
    isAway = true
    listener?.away(reason)
  }
  redis.on('error', (error) => {
    first ??= error
    setAway(redisReason(error).got)
  })
  redis.on('close', () => setAway('the connection was closed'))
  redis.on('ready', () => {
    if (isAway) listener?.back()
    isAway = false
  })
  try {
    await redis.connect()
  } catch (cause) {
    redis.disconnect()
    throw queueError('The queue cannot be reached.', shownAddress(address), first ?? cause)
  }
  isOpened = true
  const close = (): void => {
    isOpened = false
    redis.disconnect()
  }
  return { redis, close }
}

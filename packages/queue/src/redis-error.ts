import { MobileNetV2Error, messageOf } from '@mobilenetv2/spec'
import { nodeCode } from '@mobilenetv2/spec/system-errors'

/** What Redis or the connection says, what that means, and what to do. The first row that matches is taken. */
const meanings: readonly (readonly [pattern: RegExp, got: string, remedy: string])[] = [
  [
    /^WRONGPASS|invalid password/,
    'the password or the user is wrong',
    'Correct the password in the address: redis://:PASSWORD@host:6379',
  ],
  [/^NOAUTH/, 'Redis wants a password, and the address has none', 'Put the password into the address: redis://:PASSWORD@host:6379'],
  [/^NOPERM/, 'the user may not do this', 'Give the user the permission (ACL SETUSER).'],
  [/ECONNREFUSED/, 'nothing listens there', 'Start Redis (redis-server), or correct the host and the port of the address.'],
  [/ENOTFOUND|EAI_AGAIN/, 'no machine has this name', 'Correct the host of the address.'],
  [/ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/, 'the machine does not answer', 'Check the host, and whether a firewall blocks the port.'],
  [
    /EPIPE|ECONNRESET|Protocol error/,
    'what listens there is no Redis, or it closed the connection',
    'Check the port, and rediss: for TLS.',
  ],
  [
    /certificate|SSL|TLS|EPROTO/i,
    'the secure connection fails',
    'Use redis: without TLS, or name the certificate in NODE_EXTRA_CA_CERTS.',
  ],
  [/^MISCONF.*No space left/s, 'the disk of Redis is full', 'Make room on the disk of Redis. The work goes on then.'],
  [/^MISCONF/, 'Redis cannot write to its disk', 'Read the log of Redis, and make its disk writable. The work goes on then.'],
  [/^OOM/, 'the memory of Redis is full', 'Raise maxmemory of Redis. The work goes on then.'],
  [/^READONLY/, 'this Redis is a replica, which takes no writes', 'Give the address of the primary.'],
  [/^LOADING/, 'Redis still reads its file', 'Wait until Redis has read it.'],
  [/DB index is out of range/, 'Redis has no database of this number', 'Correct the number at the end of the address.'],
]

/** An error of Redis or of the connection to it in plain words. */
export function redisReason(error: unknown): { readonly got: string; readonly remedy?: string | undefined } {
  const message = messageOf(error)
  const text = `${message} ${nodeCode(error) ?? ''}`
  const [, got = message, remedy] = meanings.find(([pattern]) => pattern.test(text)) ?? []
  return { got, remedy }
}

/** The error of a queue that cannot be used. */
export function queueError(what: string, where: string, cause: unknown): MobileNetV2Error {
  if (cause instanceof MobileNetV2Error) return cause
  return new MobileNetV2Error('QUEUE', what, { where, ...redisReason(cause), cause })
}

import { once } from 'node:events'
import { createServer } from 'node:http'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { systemError } from '@mobilenetv2/spec/system-errors'

/** What is served. */
interface Measured {
  metrics(): Promise<string>
  state(): { readonly stuck: string | null }
}

/**
 * Serves `/metrics`, as Prometheus reads it, and `/health`: status 200 if all is well, else 503 with the reason. Without a port nothing is
 * served.
 * @throws MobileNetV2Error `SOURCE` if nothing can listen at the port
 */
export async function serveMetrics(port: number | undefined, measured: Measured): Promise<AsyncDisposable> {
  if (port === undefined) return { [Symbol.asyncDispose]: async () => {} }
  const server = createServer(async ({ url }, response) => {
    const answer = (status: number, text: string): void => {
      response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4' }).end(text)
    }
    if (url === '/metrics')
      await measured.metrics().then(
        (text) => answer(200, text),
        (error) => answer(503, String(error)),
      )
    else if (url === '/health') {
      const { stuck } = measured.state()
      answer(stuck === null ? 200 : 503, `${stuck ?? 'healthy'}\n`)
    } else answer(404, 'There are /metrics and /health.\n')
  })
  server.listen(port)
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new MobileNetV2Error('SOURCE', 'The metrics cannot be served.', { where: `port ${port}`, ...systemError(cause), cause })
  }
  return {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

import { afterEach, describe, expect, it } from 'vitest'

const frames: HTMLIFrameElement[] = []
afterEach(() => {
  for (const frame of frames.splice(0)) frame.remove()
})

/** The answer that `page.ts` posts from inside a frame. */
async function answerOf(policy: string | null, allow: string, threads: number | undefined, worker = ''): Promise<unknown> {
  const frame = document.createElement('iframe')
  frames.push(frame)
  const meta = policy === null ? '' : `<meta http-equiv="Content-Security-Policy" content="${policy}">`
  const script = new URL('./support/page.ts', import.meta.url)
  frame.allow = allow
  frame.srcdoc = `${meta}<html data-threads="${threads ?? ''}" data-worker="${worker}"><script type="module" src="${script.href}"></script></html>`
  const answer = new Promise((resolve) => {
    addEventListener('message', ({ data, source }) => {
      if (source === frame.contentWindow) resolve(data)
    })
  })
  document.body.append(frame)
  return answer
}

const workerUrl = new URL('../dist/worker.js', import.meta.url).pathname
const strict = "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:"
const text = (name: string) => expect.stringMatching(new RegExp(`^wasm (relaxed-)?simd, ${name}$`))

describe('in a page', () => {
  it('that is cross-origin isolated, as that of this test, a model has threads', async () => {
    expect(globalThis.crossOriginIsolated).toBe(true)
    expect(await answerOf(null, '', 2)).toEqual({ device: text('2 threads'), logits: 10 })
  })

  it.each([undefined, 2])(
    'that is not isolated a model has one thread, and its device says why; option threads: %s',
    async (threads) => {
      const device = text('1 thread \\(not cross-origin isolated\\)')
      expect(await answerOf(null, "cross-origin-isolated 'none'", threads)).toEqual({ device, logits: 10 })
    },
  )

  it('that is not isolated, one thread that is asked for is not said to be fewer', async () => {
    expect(await answerOf(null, "cross-origin-isolated 'none'", 1)).toEqual({ device: text('1 thread'), logits: 10 })
  })

  it.each([0, 1, 2])('whose policy allows workers from blobs and WebAssembly, and no eval; threads: %d', async (threads) => {
    expect(await answerOf(strict, '', threads)).toMatchObject({ logits: 10 })
  })

  it('whose policy forbids the worker, it says what to do', async () => {
    const forbidding = "script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'"
    expect(await answerOf(forbidding, '', 1)).toEqual({ code: 'BACKEND', remedy: expect.stringContaining('blob: in worker-src') })
    expect(await answerOf(forbidding, '', 0)).toEqual({ device: text('1 thread'), logits: 10 })
  })

  const ownWorkers = "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'"

  it.each([1, 2])('whose policy forbids blobs, it starts workers from a file of its own; threads: %d', async (threads) => {
    expect(await answerOf(ownWorkers, '', threads)).toMatchObject({ remedy: expect.stringContaining('workerUrl') })
    const device = text(threads === 1 ? '1 thread' : '2 threads')
    expect(await answerOf(ownWorkers, '', threads, workerUrl)).toEqual({ device, logits: 10 })
  })

  it.each([
    ['which is not there', '/no-such-worker.js'],
    ['which is of another version', new URL('./support/old-worker.js', import.meta.url).pathname],
  ])('it says what is wrong with a file %s', async (_, url) => {
    expect(await answerOf(ownWorkers, '', 1, url)).toEqual({ code: 'BACKEND', remedy: expect.stringContaining("this version's") })
  })

  it('whose policy forbids WebAssembly, it says what to do', async () => {
    const answer = await answerOf("script-src 'self'; worker-src 'self' blob:", '', 1)
    expect(answer).toEqual({ code: 'BACKEND', remedy: expect.stringContaining("'wasm-unsafe-eval'") })
  })
})

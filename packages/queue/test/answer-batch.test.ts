import { MobileNetV2Error } from '@mobilenetv2/spec'
import { expect, it, vi } from 'vitest'
import { type Answer, afterEnd, answerBatch, answerCarefully, type Suspicion, TryAgainError } from '../src/answer-batch.js'

const batch = (...files: string[]) => ({ run: 'run', id: 'id', parts: 'parts', question: { top: 1, embedding: false }, files })

const answered = { top: [{ index: 0, label: 'cat', probability: 1 }], embedding: null }

const missing = Object.assign(new Error('no such file'), { code: 'ENOENT', syscall: 'open' })
const refused = Object.assign(new Error('fetch failed'), { cause: { code: 'ECONNREFUSED' } })

/** Fails in the way that the name of the picture says. */
const answer: Answer = async (picture) => {
  const fail = (got: string, cause?: unknown) => new MobileNetV2Error('SOURCE', 'A file cannot be read.', { got, cause })
  if (picture === 'poison') throw new MobileNetV2Error('IMAGE', 'A picture cannot be decoded.')
  if (picture === 'missing') throw fail('there is no such file or folder (ENOENT)', missing)
  if (picture === '404') throw fail('HTTP status 404 Not Found')
  if (picture === '503') throw fail('HTTP status 503 Service Unavailable')
  if (picture === '429') throw fail('HTTP status 429 Too Many Requests')
  if (picture === 'thread') throw Object.assign(new Error('A picture of another thread'), { code: 'IMAGE' })
  if (picture === 'backend') throw new MobileNetV2Error('BACKEND', 'The device was lost.')
  if (picture === 'refused') throw fail('fetch failed', refused)
  return answered
}

it('answers the pictures around one that cannot be decoded or is not there', async () => {
  const lines = await answerBatch(batch('a', 'poison', 'thread', 'missing', '404', 'b'), answer, 2, false)
  expect(lines).toEqual([
    { file: 'a', ...answered },
    { file: 'poison', problem: 'A picture cannot be decoded.' },
    { file: 'thread', problem: 'A picture of another thread' },
    { file: 'missing', problem: expect.stringContaining('ENOENT') },
    { file: '404', problem: expect.stringContaining('HTTP status 404') },
    { file: 'b', ...answered },
  ])
})

it.each(['503', '429', 'refused'])(
  'tries a batch again if a picture cannot be read for a reason that may pass: %s',
  async (file) => {
    await expect(answerBatch(batch('a', file), answer, 2, false)).rejects.toThrow(TryAgainError)
    const lines = await answerBatch(batch('a', file), answer, 2, true)
    expect(lines).toMatchObject([
      { file: 'a', top: answered.top },
      { file, problem: expect.any(String) },
    ])
  },
)

it('tries a batch again if none of its pictures can be read, as on a disk that is not mounted', async () => {
  await expect(answerBatch(batch('missing', '404'), answer, 2, false)).rejects.toThrow(TryAgainError)
  expect(await answerBatch(batch('missing'), answer, 2, false)).toMatchObject([{ problem: expect.any(String) }])
})

it('finds the picture at which the process ends, and leaves it out', async () => {
  let remembered: Suspicion = { at: null, ends: {} }
  const remember = async (next: Suspicion): Promise<void> => {
    remembered = next
  }
  const deadly: Answer = async (picture) => {
    if (picture === 'deadly') throw new Error('the end of the process')
    return answered
  }
  /** A process that ends at the picture `deadly`: that answer never comes. */
  const untilEnd = vi.fn(async () => {
    const dying: Answer = (picture, question) => (picture === 'deadly' ? new Promise(() => {}) : deadly(picture, question))
    const end = new Promise<string>((resolve) => setTimeout(resolve, 20, 'ended'))
    return Promise.race([answerCarefully(batch('a', 'deadly', 'b'), dying, remembered, remember), end])
  })
  for (let time = 0; time < 2; time++) {
    expect(await untilEnd()).toBe('ended')
    expect(remembered.at).toBe(1)
    remembered = afterEnd(remembered)
  }
  expect(remembered.ends).toEqual({ 1: 2 })
  expect(await untilEnd()).toEqual([
    { file: 'a', ...answered },
    { file: 'deadly', problem: 'The process of the worker ended 2 times while it had this picture.' },
    { file: 'b', ...answered },
  ])
})

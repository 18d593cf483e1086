import { nextTask } from '@mobilenetv2/runtime'
import type { Preprocessing } from '@mobilenetv2/spec'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { preprocess } from '../src/preprocess.js'
import { preprocessRows } from '../src/preprocess-rows.js'
import { type PictureRows, rowsOf } from '../src/rows.js'
import { synthetic } from './synthetic.js'

const recipe: Preprocessing = {
  geometry: { kind: 'shorterSide', size: 24, rounding: 'nearest' },
  interpolation: 'bilinear',
  mean: [0.5, 0.25, 0],
  deviation: [0.5, 0.25, 2],
}

/** The rows of a synthetic picture, and a record of the calls of their methods. */
function watched(width: number, height: number) {
  const picture = synthetic('noise', width, height)
  const { read } = rowsOf(picture)
  const reads: { first: number; count: number }[] = []
  const rows: PictureRows = {
    width,
    height,
    read: vi.fn((first, count) => {
      reads.push({ first, count })
      return read(first, count)
    }),
    close: vi.fn(),
  }
  return { picture, rows, reads }
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('preprocessRows', () => {
  it('gives what preprocess gives, bit for bit', async () => {
    const side = fc.integer({ min: 1, max: 60 })
    const interpolation = fc.constantFrom('bilinear' as const, 'bicubic' as const, 'bilinearAlignCorners' as const)
    const geometry = fc.constantFrom<Preprocessing['geometry']>(
      recipe.geometry,
      { kind: 'stretch' },
      { kind: 'centralFraction', fraction: 0.7 },
    )
    await fc.assert(
      fc.asyncProperty(side, side, interpolation, geometry, async (width, height, interpolation, geometry) => {
        const picture = synthetic('noise', width, height)
        const changed = { ...recipe, interpolation, geometry }
        const values = await preprocessRows(rowsOf(picture), changed, { height: 20, width: 18 })
        expect(values).toEqual(preprocess(picture, changed, { height: 20, width: 18 }))
      }),
    )
  })

  it.each(['bilinear', 'bicubic', 'bilinearAlignCorners'] as const)(
    'reads a large picture in strips of 1 MiB at most: %s',
    async (interpolation) => {
      const { picture, rows, reads } = watched(3000, 400)
      const values = await preprocessRows(rows, { ...recipe, interpolation }, { height: 20, width: 18 })
      expect(values).toEqual(preprocess(picture, { ...recipe, interpolation }, { height: 20, width: 18 }))
      expect(reads.length).toBeGreaterThan(3)
      expect(Math.max(...reads.map(({ count }) => count * 3000 * 4))).toBeLessThanOrEqual(2 ** 20)
    },
  )

  it('reads each row that the recipe needs once, and no other', async () => {
    const { rows, reads } = watched(3000, 400)
    await preprocessRows(rows, { ...recipe, geometry: { kind: 'centralFraction', fraction: 0.5 } }, { height: 20, width: 18 })
    // The filter reaches 10 rows beyond a box of 200.
    expect(reads.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(220)
    for (const [index, { first }] of reads.slice(1).entries()) expect(first).toBe(reads[index]!.first + reads[index]!.count)
  })

  it('lets other tasks run between the strips', async () => {
    let now = performance.now()
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 3))
    const { rows } = watched(3000, 400)
    let isOver = false
    const wasOver = nextTask().then(() => isOver)
    await preprocessRows(rows, recipe, { height: 20, width: 18 })
    isOver = true
    expect(await wasOver).toBe(false)
  })

  it('ends between two strips when its signal is aborted, and closes the rows', async () => {
    const { rows, reads } = watched(3000, 400)
    const controller = new AbortController()
    vi.mocked(rows.read).mockImplementationOnce((_, count) => {
      controller.abort(new Error('enough'))
      return synthetic('noise', 3000, count)
    })
    await expect(preprocessRows(rows, recipe, { height: 20, width: 18 }, { signal: controller.signal })).rejects.toThrow('enough')
    expect(reads).toEqual([])
    expect(rows.close).toHaveBeenCalledOnce()
  })

  it('closes the rows in the end, also where the recipe cannot be applied', async () => {
    const { rows } = watched(5, 4)
    await preprocessRows(rows, recipe, { height: 20, width: 18 })
    expect(rows.close).toHaveBeenCalledOnce()
    await expect(preprocessRows(rows, { ...recipe, deviation: [0, 1, 1] }, { height: 20, width: 18 })).rejects.toMatchObject({
      code: 'OPTION',
    })
    expect(rows.close).toHaveBeenCalledTimes(2)
  })
})

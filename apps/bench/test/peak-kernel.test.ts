import { expect, test } from 'vitest'
import { compilePeakKernel, peakModule } from '../src/peak-kernel.js'

test('the kernel runs and counts its work', async () => {
  const { run, operations, instruction } = await compilePeakKernel()
  run()
  expect(operations).toBe(5_000_000 * 12 * 4 * 2)
  expect(['f32x4.relaxed_madd', 'f32x4.mul + f32x4.add']).toContain(instruction)
})

test('it computes what it says: sums that settle at addend / (1 - factor) = 2 in each of twelve', async () => {
  const { instance } = await WebAssembly.instantiate(peakModule('f32x4.mul + f32x4.add'))
  const { run } = instance.exports as { run: (count: number) => number }
  expect(run(100)).toBe(24)
  // One step from 3, 4, … 14: half of 102 and twelve times 1.
  expect(run(1)).toBe(63)
})

import { expect, test } from 'vitest'
import { compilePeakKernel, peakModule } from '../src/peak-kernel.js'

test('the kernel runs and counts its work', async () => {
  const { run, operations, instruction } = await compilePeakKernel()
  run()
  expect(operations).toBe(60_000_000 * 4 * 2)
  expect(['f32x4.relaxed_madd', 'f32x4.mul + f32x4.add']).toContain(instruction)
})

test.each([12, 24])('it computes what it says, with %d sums: half of each sum, and 1', async (sums) => {
  const { instance } = await WebAssembly.instantiate(peakModule('f32x4.mul + f32x4.add', sums))
  const { run, memory } = instance.exports as { run: (count: number) => void; memory: WebAssembly.Memory }
  const values = new Float32Array(memory.buffer, 0, 4 * sums)
  values.forEach((_, index) => {
    values[index] = index
  })
  run(1)
  expect([...values]).toEqual(Array.from({ length: 4 * sums }, (_, index) => index / 2 + 1))
  run(100)
  expect(values.every((value) => value === 2)).toBe(true)
})

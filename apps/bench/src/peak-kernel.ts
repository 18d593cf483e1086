/** Fused multiply-add if the engine has relaxed SIMD, else a multiplication and an addition. */
export type PeakInstruction = 'f32x4.relaxed_madd' | 'f32x4.mul + f32x4.add'

/** A kernel that does nothing but multiply-adds, on values that stay in the registers. */
export interface PeakKernel {
  readonly instruction: PeakInstruction
  /** The floating-point operations of one run. A run is about as long as a run of the network, so that disturbances hit both alike. */
  readonly operations: number
  run(): void
}

/**
 * Numbers of independent sums. The first number hides the latency of two instructions a clock, and fits 16 registers. The second is twice
 * as many: an engine that joins neighbouring vectors to 256 bits keeps them in the same number of registers.
 */
const sumCounts = [12, 24] as const
const lanes = 4
/** The multiply-adds of a run, counted in vectors. */
const work = 60_000_000
/** Long enough for the engine to compile its optimised code. */
const trialMs = 150
const trialWork = work / 50

/**
 * Codes of the binary format (WebAssembly specification, chapter 5). Indices of locals are below 128, so LEB128 writes them in one byte.
 */
const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
const [i32, v128] = [0x7f, 0x7b]
const vectorBytes = 16
const code = {
  loop: [0x03, 0x40],
  brIf: [0x0d, 0x00],
  end: 0x0b,
  get: 0x20,
  set: 0x21,
  tee: 0x22,
  i32One: [0x41, 0x01],
  i32Sub: 0x6b,
  f32Const: 0x43,
  splat: [0xfd, 0x13],
  add: [0xfd, 0xe4, 0x01],
  mul: [0xfd, 0xe6, 0x01],
  madd: [0xfd, 0x85, 0x02],
  load: [0xfd, 0x00],
  store: [0xfd, 0x0b],
  i32Zero: [0x41, 0x00],
} as const

/** An unsigned integer below 2^14 in LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, value >> 7]
}

function sized(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes]
}

/** Alignment, then the offset of a vector. */
function at(index: number): number[] {
  return [4, ...unsigned(index * vectorBytes)]
}

function splatOf(value: number): number[] {
  return [code.f32Const, ...new Uint8Array(new Float32Array([value]).buffer), ...code.splat]
}

/**
 * The module exports `run(count: i32)`. It replaces, `count` times, each sum at the start of `memory` by sum * factor + addend; the sums
 * converge to addend / (1 - factor). Neighbouring sums are loaded and stored in pairs, because V8 joins them only then.
 */
export function peakModule(instruction: PeakInstruction, sums: number): Uint8Array<ArrayBuffer> {
  const count = 0
  const factor = 1
  const addend = 2
  const firstSum = 3
  const all = Array.from({ length: sums }, (_, index) => firstSum + index)
  const multiplyAdd =
    instruction === 'f32x4.relaxed_madd'
      ? [code.get, factor, code.get, addend, ...code.madd]
      : [code.get, factor, ...code.mul, code.get, addend, ...code.add]
  const body = [
    ...unsigned(2 + sums),
    v128,
    ...splatOf(0.5),
    code.set,
    factor,
    ...splatOf(1),
    code.set,
    addend,
    ...all.flatMap((sum, index) => [...code.i32Zero, ...code.load, ...at(index), code.set, sum]),
    ...code.loop,
    ...all.flatMap((sum) => [code.get, sum, ...multiplyAdd, code.set, sum]),
    code.get,
    count,
    ...code.i32One,
    code.i32Sub,
    code.tee,
    count,
    ...code.brIf,
    code.end,
    ...all.flatMap((sum, index) => [...code.i32Zero, code.get, sum, ...code.store, ...at(index)]),
    code.end,
  ]
  const [functionType, exportedFunction, exportedMemory] = [0x60, 0x00, 0x02]
  const name = (text: string): number[] => sized([...new TextEncoder().encode(text)])
  return new Uint8Array([
    ...header,
    ...[1, ...sized([1, functionType, 1, i32, 0])],
    ...[3, ...sized([1, 0])],
    ...[5, ...sized([1, 0, 1])],
    ...[7, ...sized([2, ...name('run'), exportedFunction, 0, ...name('memory'), exportedMemory, 0])],
    ...[10, ...sized([1, ...sized([1, ...body])])],
  ])
}

async function kernelOf(instruction: PeakInstruction, sums: number): Promise<PeakKernel & { readonly trial: () => number }> {
  const { instance } = await WebAssembly.instantiate(peakModule(instruction, sums))
  const run = instance.exports.run as (count: number) => void
  return {
    instruction,
    operations: work * lanes * 2,
    run: () => run(work / sums),
    trial() {
      const start = performance.now()
      run(trialWork / sums)
      return performance.now() - start
    },
  }
}

/** Compiles the kernel with the best instruction of the engine, and with the number of sums that is faster here. */
export async function compilePeakKernel(): Promise<PeakKernel> {
  const relaxed = WebAssembly.validate(peakModule('f32x4.relaxed_madd', sumCounts[0]))
  const kernels = await Promise.all(
    sumCounts.map((sums) => kernelOf(relaxed ? 'f32x4.relaxed_madd' : 'f32x4.mul + f32x4.add', sums)),
  )
  const best = kernels.map(() => Number.POSITIVE_INFINITY)
  for (const start = performance.now(); performance.now() - start < trialMs; ) {
    for (const [index, { trial }] of kernels.entries()) best[index] = Math.min(best[index]!, trial())
  }
  return kernels[best.indexOf(Math.min(...best))]!
}

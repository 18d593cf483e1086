/** Fused multiply-add where the engine has relaxed SIMD, else a multiplication and an addition. */
export type PeakInstruction = 'f32x4.relaxed_madd' | 'f32x4.mul + f32x4.add'

/** A kernel that does nothing but multiply-adds, on values that stay in registers. */
export interface PeakKernel {
  readonly instruction: PeakInstruction
  /** Floating-point operations of one run: about as long as a run of the network, so that what disturbs one disturbs the other. */
  readonly operations: number
  run(): void
}

/** Independent sums: enough to hide the latency of two instructions a clock, few enough for 16 registers. */
const sums = 12
const lanes = 4
const iterations = 5_000_000

/** The binary format (WebAssembly specification, chapter 5); every length and index in it is below 128, one byte in LEB128. */
const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
const [i32, v128] = [0x7f, 0x7b]
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
  extractLane: [0xfd, 0x1f, 0x00],
} as const

/** An unsigned integer below 2^14 in LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, value >> 7]
}

function sized(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes]
}

function splatOf(value: number): number[] {
  return [code.f32Const, ...new Uint8Array(new Float32Array([value]).buffer), ...code.splat]
}

/** `run(count: i32) -> f32`: count times, each sum becomes sum * factor + addend, which stays near addend / (1 - factor). */
export function peakModule(instruction: PeakInstruction): Uint8Array<ArrayBuffer> {
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
    ...all.flatMap((sum) => [...splatOf(sum), code.set, sum]),
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
    ...all.flatMap((sum, index) => [code.get, sum, ...(index === 0 ? [] : code.add)]),
    ...code.extractLane,
    code.end,
  ]
  const [f32, functionType, exportedFunction] = [0x7d, 0x60, 0x00]
  return new Uint8Array([
    ...header,
    ...[1, ...sized([1, functionType, 1, i32, 1, f32])],
    ...[3, ...sized([1, 0])],
    ...[7, ...sized([1, ...sized([...new TextEncoder().encode('run')]), exportedFunction, 0])],
    ...[10, ...sized([1, ...sized([1, ...body])])],
  ])
}

/** The kernel with the best instruction that the engine has. */
export async function compilePeakKernel(): Promise<PeakKernel> {
  const relaxed = peakModule('f32x4.relaxed_madd')
  const instruction = WebAssembly.validate(relaxed) ? 'f32x4.relaxed_madd' : 'f32x4.mul + f32x4.add'
  const bytes = instruction === 'f32x4.relaxed_madd' ? relaxed : peakModule(instruction)
  const { instance } = await WebAssembly.instantiate(bytes)
  const run = instance.exports.run as (count: number) => number
  return { instruction, operations: iterations * sums * lanes * 2, run: () => run(iterations) }
}

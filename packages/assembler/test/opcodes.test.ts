import { describe, expect, it } from 'vitest'
import {
  bytes16,
  type Code,
  call,
  copyMemory,
  f32,
  fillMemory,
  i32,
  load,
  loopWhile,
  op,
  type Statement,
  shuffle,
  store,
  storeHalf,
  when,
} from '../src/code.js'
import { createModule, type NewLocal } from '../src/module.js'
import { immediateOpcodes, loadOpcodes, plainOpcodes, storeOpcodes } from '../src/opcodes.js'

const resultAddress = 64

/** Runs statements on a memory that begins with the given numbers, and returns what they stored at `resultAddress`. */
async function execute(numbers: readonly number[], write: (local: NewLocal) => readonly Statement[]): Promise<DataView> {
  const module = createModule({ pages: 1 })
  module.export(
    'run',
    module.define(0, (local) => write(local)),
  )
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
  new Float32Array(memory.buffer).set(numbers)
  const { instance } = await WebAssembly.instantiate(module.encode(), { env: { memory } })
  ;(instance.exports.run as () => void)()
  return new DataView(memory.buffer, resultAddress)
}

const floats = (view: DataView): number[] => [0, 1, 2, 3].map((lane) => view.getFloat32(4 * lane, true))
const bytes = (view: DataView): number[] => [...new Uint8Array(view.buffer, view.byteOffset, 16)]
const storeAt = (value: Code<'v128'>): Statement => store('v128.store', i32(resultAddress), value)
const vectorAt = (address: number): Code<'v128'> => load('v128.load', i32(address))

/** Makes an i32 of 0 to 4 visible: copies that many floats, all of them 1, to the result. */
function asCount(value: Code<'i32'>): Statement[] {
  return [copyMemory(i32(resultAddress), i32(0), op('i32.mul', value, i32(4)))]
}

const ones = [1, 1, 1, 1]
const countOf = (view: DataView): number => floats(view).filter((value) => value === 1).length

type IntegerName = Extract<keyof typeof plainOpcodes, `i32.${string}`>
type ByteName = Extract<keyof typeof plainOpcodes, `i${number}x${string}`>
const integerCases: Record<Exclude<IntegerName, 'i32.select'>, [a: number, b: number, result: number][]> = {
  'i32.ne': [
    [3, 3, 0],
    [3, -3, 1],
  ],
  'i32.lt_s': [
    [-1, 1, 1],
    [1, -1, 0],
    [1, 1, 0],
  ],
  'i32.lt_u': [
    [-1, 1, 0],
    [1, -1, 1],
    [1, 1, 0],
  ],
  'i32.add': [
    [1, 2, 3],
    [2 ** 31, 2 ** 31 + 2, 2],
  ],
  'i32.sub': [
    [5, 2, 3],
    [-1, -3, 2],
  ],
  'i32.mul': [
    [2, 2, 4],
    [-1, -3, 3],
  ],
  'i32.rem_u': [
    [11, 4, 3],
    [-1, 4, 3],
  ],
}

const a = [1, -2, 0.5, NaN]
const b = [3, -4, 0.25, 1]
const c = [10, 20, 30, 40]
const vectorCases: Record<Exclude<keyof typeof plainOpcodes, IntegerName | ByteName>, number[]> = {
  'f32x4.splat': [1.5, 1.5, 1.5, 1.5],
  'f32x4.add': [4, -6, 0.75, NaN],
  'f32x4.sub': [-2, 2, 0.25, NaN],
  'f32x4.mul': [3, 8, 0.125, NaN],
  'f32x4.div': [Math.fround(1 / 3), 0.5, 2, NaN],
  'f32x4.trunc': [1, -2, 0, NaN],
  'f32x4.nearest': [1, -2, 0, NaN],
  'f32x4.convert_i32x4_s': [3, -4, 0, 7],
  'f32x4.pmin': [1, -4, 0.25, NaN],
  'f32x4.pmax': [3, -2, 0.5, NaN],
  'f32x4.relaxed_madd': [13, 28, 30.125, NaN],
}

const bytesA = [0, 1, 2, 3, 250, 251, 252, 253, 8, 9, 10, 11, 12, 13, 14, 255]
const bytesB = [3, 2, 1, 0, 255, 128, 16, 15, 4, 4, 4, 4, 0, 1, 0, 1]
const bytesOfLanes = (...lanes: number[]): number[] => [...new Uint8Array(Int32Array.from(lanes).buffer)]
const bytesOfHalves = (...lanes: number[]): number[] => [...new Uint8Array(Int16Array.from(lanes).buffer)]
const lanesOf = (bytes: readonly number[], from = 0): number[] => [...new Int32Array(Uint8Array.from(bytes).buffer)].slice(from)

/** For each instruction on bytes and integers: code that runs it, and the bytes that it gives. */
const byteCases: Record<ByteName, () => [code: Code<'v128'>, result: number[]]> = {
  'i8x16.swizzle': () => [op('i8x16.swizzle', bytes16(bytesA), bytes16(bytesB)), bytesB.map((index) => bytesA[index] ?? 0)],
  'i8x16.narrow_i16x8_s': () => {
    const halves = bytes16(bytesOfHalves(-1, 0, 127, 128, -128, -129, -32768, 32767))
    const narrow = [-1, 0, 127, 127, -128, -128, -128, 127]
    const bytesOf = narrow.map((value) => value & 255)
    return [op('i8x16.narrow_i16x8_s', halves, bytes16(bytesOfHalves(...narrow))), [...bytesOf, ...bytesOf]]
  },
  'i8x16.narrow_i16x8_u': () => {
    const halves = bytes16(bytesOfHalves(-1, 0, 1, 255, 256, 300, -32768, 32767))
    const narrow = [0, 0, 1, 255, 255, 255, 0, 255]
    return [op('i8x16.narrow_i16x8_u', halves, bytes16(bytesOfHalves(...narrow))), [...narrow, ...narrow]]
  },
  'i16x8.narrow_i32x4_s': () => [
    op('i16x8.narrow_i32x4_s', bytes16(bytesOfLanes(-1, 40000, -40000, 7)), bytes16(bytesOfLanes(1, 2, 3, 4))),
    bytesOfHalves(-1, 32767, -32768, 7, 1, 2, 3, 4),
  ],
  'i16x8.extend_low_i8x16_u': () => [op('i16x8.extend_low_i8x16_u', bytes16(bytesA)), bytesOfHalves(...bytesA.slice(0, 8))],
  'i16x8.extend_high_i8x16_u': () => [op('i16x8.extend_high_i8x16_u', bytes16(bytesA)), bytesOfHalves(...bytesA.slice(8))],
  'i32x4.splat': () => [op('i32x4.splat', i32(-7)), bytesOfLanes(-7, -7, -7, -7)],
  'i32x4.add': () => [
    op('i32x4.add', bytes16(bytesA), bytes16(bytesB)),
    bytesOfLanes(...lanesOf(bytesA).map((lane, index) => lane + lanesOf(bytesB)[index]!)),
  ],
  'i32x4.extend_low_i16x8_s': () => [
    op('i32x4.extend_low_i16x8_s', bytes16(bytesOfHalves(1, -2, 3, -32768, 5, 6, 7, 8))),
    bytesOfLanes(1, -2, 3, -32768),
  ],
  'i32x4.extend_high_i16x8_s': () => [
    op('i32x4.extend_high_i16x8_s', bytes16(bytesOfHalves(1, -2, 3, 4, -5, 6, 7, 32767))),
    bytesOfLanes(-5, 6, 7, 32767),
  ],
  'i32x4.sub': () => [
    op('i32x4.sub', bytes16(bytesOfLanes(5, -2, -(2 ** 31), 0)), bytes16(bytesOfLanes(7, -3, 1, 0))),
    bytesOfLanes(-2, 1, 2 ** 31 - 1, 0),
  ],
  'i32x4.mul': () => [
    op('i32x4.mul', bytes16(bytesOfLanes(5, -2, 65536, 0)), bytes16(bytesOfLanes(7, 3, 65536, 9))),
    bytesOfLanes(35, -6, 0, 0),
  ],
  'i32x4.min_s': () => [
    op('i32x4.min_s', bytes16(bytesOfLanes(5, -2, 3, 0)), bytes16(bytesOfLanes(7, -3, 3, -1))),
    bytesOfLanes(5, -3, 3, -1),
  ],
  'i32x4.max_s': () => [
    op('i32x4.max_s', bytes16(bytesOfLanes(5, -2, 3, 0)), bytes16(bytesOfLanes(7, -3, 3, -1))),
    bytesOfLanes(7, -2, 3, 0),
  ],
  'i32x4.dot_i16x8_s': () => [
    op(
      'i32x4.dot_i16x8_s',
      bytes16(bytesOfHalves(1, 2, -3, 4, 255, 255, 0, 9)),
      bytes16(bytesOfHalves(5, 6, 7, 8, -1024, 2048, 1, 0)),
    ),
    bytesOfLanes(17, 11, 255 * 1024, 0),
  ],
  // All engines give the same result here, because the second operand is at most 127.
  'i32x4.relaxed_dot_i8x16_i7x16_add_s': () => [
    op(
      'i32x4.relaxed_dot_i8x16_i7x16_add_s',
      bytes16([1, 2, 3, 4, 255, 254, 253, 252, 128, 0, 0, 0, 0, 0, 0, 7].map((value) => value & 255)),
      bytes16([5, 6, 7, 8, 5, 6, 7, 8, 127, 0, 0, 0, 0, 0, 0, 100]),
      bytes16(bytesOfLanes(10, 20, 30, 40)),
    ),
    bytesOfLanes(80, -50, 30 - 128 * 127, 740),
  ],
  'i32x4.shl': () => [op('i32x4.shl', bytes16(bytesOfLanes(1, -2, 3, 2 ** 30)), i32(2)), bytesOfLanes(4, -8, 12, 0)],
  'i32x4.shr_s': () => [op('i32x4.shr_s', bytes16(bytesOfLanes(4, -8, 13, -1)), i32(2)), bytesOfLanes(1, -2, 3, -1)],
}

const immediateCases: Record<keyof typeof immediateOpcodes, () => Promise<void>> = {
  loop: loops,
  br_if: loops,
  end: loops,
  'local.get': loops,
  'local.set': loops,
  if: async () => {
    const view = await execute(ones, () => [when(i32(0), asCount(i32(3))), when(i32(-1), asCount(i32(2)))])
    expect(countOf(view)).toBe(2)
  },
  call: calls,
  'i32.const': async () => {
    for (const address of [0, 1, 63, 64, 127, 128, 8191, 8192, 65520]) {
      const view = await execute([], () => [
        store('v128.store', i32(address), op('f32x4.splat', f32(7))),
        storeAt(vectorAt(address)),
      ])
      expect(floats(view)).toEqual([7, 7, 7, 7])
    }
  },
  'f32.const': async () => {
    for (const value of [0, 6, -1.5, 3.4028234663852886e38, NaN]) {
      expect(floats(await execute([], () => [storeAt(op('f32x4.splat', f32(value)))]))[0]).toBe(value)
    }
  },
  'v128.const': async () => {
    expect(bytes(await execute([], () => [storeAt(bytes16(bytesA))]))).toEqual(bytesA)
    expect(() => bytes16([1])).toThrow(RangeError)
  },
  'i8x16.shuffle': async () => {
    const lanes = [0, 16, 1, 17, 15, 31, 4, 4, 20, 21, 22, 23, 2, 3, 18, 19]
    const view = await execute([], () => [storeAt(shuffle(bytes16(bytesA), bytes16(bytesB), lanes))])
    expect(bytes(view)).toEqual(lanes.map((lane) => [...bytesA, ...bytesB][lane]))
  },
  'v128.store64_lane': async () => {
    const view = await execute([], () => [storeAt(bytes16(bytesA)), storeHalf(i32(resultAddress), bytes16(bytesB), 8)])
    expect(bytes(view)).toEqual([...bytesA.slice(0, 8), ...bytesB.slice(0, 8)])
  },
  'memory.copy': async () => {
    expect(floats(await execute(c, () => [copyMemory(i32(resultAddress), i32(4), i32(12))]))).toEqual([20, 30, 40, 0])
  },
  'memory.fill': async () => {
    const view = await execute(c, () => [
      copyMemory(i32(resultAddress), i32(0), i32(16)),
      fillMemory(i32(resultAddress + 4), i32(8)),
    ])
    expect(floats(view)).toEqual([10, 0, 0, 40])
    expect(bytes(await execute([], () => [fillMemory(i32(resultAddress), i32(16), 200)]))).toEqual(new Array(16).fill(200))
  },
}

async function loops(): Promise<void> {
  const view = await execute(ones, (local) => {
    const count = local('i32')
    const sum = local('v128')
    return [
      loopWhile(
        [sum.set(op('f32x4.add', sum.get, vectorAt(0))), count.set(op('i32.add', count.get, i32(1)))],
        op('i32.lt_u', count.get, i32(5)),
      ),
      storeAt(sum.get),
    ]
  })
  expect(floats(view)).toEqual([5, 5, 5, 5])
}

async function calls(): Promise<void> {
  const module = createModule({ pages: 1 })
  const put = module.define(2, (_local, at, from) => [
    store('v128.store', at!.get, load('v128.load', from!.get, 16), resultAddress),
  ])
  const run = module.define(1, (_local, from) => [call(put, i32(0), from!.get)])
  module.export('run', run)
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
  new Float32Array(memory.buffer).set([...ones, ...c])
  const { instance } = await WebAssembly.instantiate(module.encode(), { env: { memory } })
  ;(instance.exports.run as (from: number) => void)(0)
  expect(floats(new DataView(memory.buffer, resultAddress))).toEqual(c)
  expect(() => call(put, i32(0))).toThrow(RangeError)
}

function hasRelaxedSimd(): boolean {
  const module = createModule({ pages: 1 })
  module.define(0, () => [storeAt(op('f32x4.relaxed_madd', vectorAt(0), vectorAt(0), vectorAt(0)))])
  return WebAssembly.validate(module.encode())
}

describe('every opcode of the table, executed', () => {
  it.each(Object.keys(integerCases) as (keyof typeof integerCases)[])('%s', async (name) => {
    for (const [left, right, result] of integerCases[name]) {
      expect(countOf(await execute(ones, () => asCount(op(name, i32(left), i32(right)))))).toBe(result)
    }
  })

  it('i32.select', async () => {
    for (const [condition, result] of [
      [1, 3],
      [0, 2],
      [-1, 3],
    ]) {
      const count = op('i32.select', i32(3), i32(2), i32(condition!))
      expect(countOf(await execute(ones, () => asCount(count)))).toBe(result)
    }
  })

  const relaxed = hasRelaxedSimd()
  const title = (name: string): string =>
    name.includes('relaxed') && !relaxed ? `${name}: left out, this engine has no relaxed SIMD` : name
  for (const name of Object.keys(byteCases) as ByteName[]) {
    it.skipIf(name.includes('relaxed') && !relaxed)(title(name), async () => {
      const [code, result] = byteCases[name]()
      expect(bytes(await execute([], () => [storeAt(code)]))).toEqual(result)
    })
  }

  for (const [name, expected] of Object.entries(vectorCases) as [keyof typeof vectorCases, number[]][]) {
    it.skipIf(name.includes('relaxed') && !relaxed)(title(name), async () => {
      const view = await execute([...a, ...b, ...c], () => {
        switch (name) {
          case 'f32x4.splat':
            return [storeAt(op(name, f32(1.5)))]
          case 'f32x4.trunc':
          case 'f32x4.nearest':
            return [storeAt(op(name, vectorAt(0)))]
          case 'f32x4.convert_i32x4_s':
            return [storeAt(op(name, bytes16(bytesOfLanes(3, -4, 0, 7))))]
          case 'f32x4.relaxed_madd':
            return [storeAt(op(name, vectorAt(0), vectorAt(16), vectorAt(32)))]
          default:
            return [storeAt(op(name, vectorAt(0), vectorAt(16)))]
        }
      })
      expect(floats(view)).toEqual(expected)
    })
  }

  it('loads and stores, with offsets', async () => {
    expect(Object.keys({ ...loadOpcodes, ...storeOpcodes })).toEqual([
      'i32.load',
      'v128.load',
      'v128.load8x8_s',
      'v128.load8x8_u',
      'v128.load16x4_s',
      'v128.load64_zero',
      'v128.load32_splat',
      'v128.store',
    ])
    const whole = await execute(c, () => [store('v128.store', i32(4), load('v128.load', i32(-4 + 4)), resultAddress - 4)])
    expect(floats(whole)).toEqual(c)
    expect(bytes(await execute(c, () => [storeAt(op('i32x4.splat', load('i32.load', i32(4), 8)))]))).toEqual(
      bytes(await execute(c, () => [storeAt(load('v128.load32_splat', i32(4), 8))])),
    )
    expect(floats(await execute(c, () => [storeAt(load('v128.load32_splat', i32(4), 8))]))).toEqual([40, 40, 40, 40])
    const halves = await execute([], () => [
      store('v128.store', i32(16), bytes16(bytesOfHalves(9, 9, 1, -2, 3, -4, 9, 9))),
      storeAt(load('v128.load16x4_s', i32(16), 4)),
    ])
    expect(bytes(halves)).toEqual(bytesOfLanes(1, -2, 3, -4))
    const widened = await execute([], () => [
      store('v128.store', i32(16), bytes16(bytesA)),
      storeAt(load('v128.load8x8_u', i32(16), 4)),
    ])
    const half = await execute(c, () => [storeAt(load('v128.load64_zero', i32(4), 4))])
    expect(floats(half)).toEqual([30, 40, 0, 0])
    expect(bytes(widened)).toEqual(bytesOfHalves(...bytesA.slice(4, 12)))
    const signed = await execute([], () => [
      store('v128.store', i32(16), bytes16(bytesA)),
      storeAt(load('v128.load8x8_s', i32(16), 4)),
    ])
    expect(bytes(signed)).toEqual(bytesOfHalves(...Int8Array.from(bytesA.slice(4, 12))))
  })

  it.each(Object.keys(immediateCases) as (keyof typeof immediateCases)[])('%s', (name) => immediateCases[name]())

  it('leaves none out', () => {
    const executed = [...Object.keys(integerCases), 'i32.select', ...Object.keys(vectorCases), ...Object.keys(byteCases)]
    expect(executed.sort()).toEqual(Object.keys(plainOpcodes).sort())
    expect(Object.keys(immediateCases).sort()).toEqual(Object.keys(immediateOpcodes).sort())
  })
})

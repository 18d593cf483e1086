import { bytesOf, type ModuleBytes } from '../../src/bytes.js'
import { immediateOpcodes, loadOpcodes, opcode, plainOpcodes, storeOpcodes } from '../../src/opcodes.js'

const immediates: Partial<Record<string, number>> = {
  loop: 1,
  if: 1,
  br_if: 1,
  call: 1,
  'local.get': 1,
  'local.set': 1,
  'i32.const': 1,
  'memory.copy': 2,
  'memory.fill': 1,
}
const vectorNames = new Set(['v128.const', 'i8x16.shuffle'])
const memoryNames = new Set(Object.keys({ ...loadOpcodes, ...storeOpcodes }))
const names = new Map<string, string>([
  ...Object.entries({ ...plainOpcodes, ...loadOpcodes, ...storeOpcodes }).map(([name, { code }]) => [opcode(code), name] as const),
  ...Object.entries(immediateOpcodes).map(([name, code]) => [opcode(code), name] as const),
])
const longestCode = 3

/** A module's code section as text, an instruction a line. The names are from the opcode table that wrote the module. */
export function disassemble(module: ModuleBytes): string {
  let at = 8
  const number = (): number => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = module[at++]!
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  const nextName = (): string => {
    for (let length = 1; length <= longestCode; length++) {
      const name = names.get(bytesOf(...module.subarray(at, at + length)))
      if (name === undefined) continue
      at += length
      return name
    }
    throw new Error(`no opcode at ${at}`)
  }
  const instruction = (): { name: string; text: string } => {
    const name = nextName()
    if (name === 'f32.const') {
      const value = new DataView(module.buffer).getFloat32(at, true)
      at += 4
      return { name, text: `${name} ${value}` }
    }
    if (vectorNames.has(name)) {
      const bytes = module.subarray(at, at + 16)
      at += 16
      return { name, text: `${name} ${bytes.join(' ')}` }
    }
    if (memoryNames.has(name)) {
      number()
      const offset = number()
      return { name, text: offset === 0 ? name : `${name} offset=${offset}` }
    }
    if (name === 'v128.store64_lane') {
      number()
      const offset = number()
      number()
      return { name, text: offset === 0 ? name : `${name} offset=${offset}` }
    }
    const values = Array.from({ length: immediates[name] ?? 0 }, number)
    return { name, text: name === 'loop' || name === 'if' ? name : [name, ...values].join(' ') }
  }
  const functionText = (index: number): string => {
    const end = number() + at
    const locals = Array.from({ length: number() }, () => ({ count: number(), type: module[at++] }))
    const lines = [`func ${index}, ${locals.length} locals`]
    let depth = 1
    while (at < end) {
      const { name, text } = instruction()
      if (name === 'end') depth -= 1
      lines.push('  '.repeat(Math.max(depth, 0)) + text)
      if (name === 'loop' || name === 'if') depth += 1
    }
    return lines.join('\n')
  }
  for (;;) {
    const id = module[at++]
    const size = number()
    if (id === 10) return Array.from({ length: number() }, (_, index) => functionText(index)).join('\n')
    at += size
  }
}

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const built = fileURLToPath(new URL('../dist/index.js', import.meta.url))

/** Runs a program in a process of its own, because V8's flags are those of the whole process. */
function run(options: readonly string[], program: string): string {
  const start = `
    import { wasm } from ${JSON.stringify(built)}
    import { defineMobileNetV2 } from '@mobilenetv2/spec'
    import { seededInput, seededIntegers, seededParameters } from '@mobilenetv2/testing'
    const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 96, width: 96 })
    const logitsOf = async (backend) => {
      const model = await backend.compile(architecture, seededParameters(architecture), seededIntegers(architecture))
      console.log(model.device)
      for (let run = 0; run < 40; run++) await model.run(seededInput(architecture))
      return (await model.run(seededInput(architecture))).logits
    }`
  return execFileSync(process.execPath, [...options, '--input-type=module', '--eval', `${start}\n${program}`], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    encoding: 'utf8',
  })
}

const [major = 0] = process.versions.node.split('.').map(Number)
const hasFlag = major >= 24 && major <= 26 && process.arch === 'x64'

it.runIf(hasFlag)('option wide: 256 bits, or the device says why not; the same bits as without', () => {
  const printed = run(
    [],
    `const plain = await logitsOf(wasm({ threads: 0 }))
    const joined = await logitsOf(wasm({ threads: 0, wide: true }))
    console.log(plain.every((logit, index) => Object.is(logit, joined[index])))`,
  )
  expect(printed).toMatch(/^wasm relaxed-simd, 1 thread\nwasm relaxed-simd, 256 bits( gain nothing here)?, 1 thread\ntrue\n$/)
})

it.runIf(hasFlag)('integers have 256 bits if they are held in 16 bits, whose products V8 joins; the same bits as without', () => {
  const printed = run(
    [],
    `const plain = await logitsOf(wasm({ threads: 0, precision: 'int8' }))
    const joined = await logitsOf(wasm({ threads: 0, precision: 'int8', wide: true }))
    console.log(plain.every((logit, index) => Object.is(logit, joined[index])))`,
  )
  const [held, vectors] = ['int8(, | in 16 bits, )', '256 bits( gain nothing here)?, ']
  expect(printed).toMatch(new RegExp(`^wasm relaxed-simd, ${held}1 thread\nwasm relaxed-simd, ${held}${vectors}1 thread\ntrue\n$`))
})

it.runIf(hasFlag)('a process that was started with the flag of V8 has 256 bits without the option', () => {
  const printed = run(['--experimental-wasm-revectorize'], 'await logitsOf(wasm({ threads: 0 }))')
  expect(printed).toMatch(/256 bits/)
})

it.runIf(hasFlag)('option wide is refused beside a tuning, which no trial would compare', () => {
  const printed = run([], `try { wasm({ wide: true, tuning: 'off' }) } catch (error) { console.log(error.code, error.message) }`)
  expect(printed).toMatch(/^OPTION .*option wide/)
})

it.skipIf(hasFlag)('option wide is refused where V8 has no flag for it', () => {
  const printed = run([], `try { wasm({ wide: true }) } catch (error) { console.log(error.code, error.message) }`)
  expect(printed).toMatch(/^OPTION .*option wide[\s\S]*Node 24/)
})

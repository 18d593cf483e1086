import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const page = fileURLToPath(new URL('../../../docs/ablation.md', import.meta.url))

/** The numbers of a text, in their order. */
const numbers = (text) => (text.match(/-?\d[\d,]*(\.\d+)?/g) ?? []).map((number) => Number(number.replaceAll(',', '')))

/**
 * The results in docs/ablation.md, which `npm run ablation` writes.
 * @throws Error if the page has another form
 */
export function readAblation() {
  const text = readFileSync(page, 'utf8')
  const [, results] = text.split('<!-- results, written by npm run ablation -->')
  const cells = (name) =>
    results
      ?.split('\n')
      .find((line) => line.startsWith(`| ${name} bottleneck |`))
      ?.split('|')
      .map((cell) => cell.trim())
  const row = (name) => {
    const [, , mean, deviation, bySeed] = cells(name) ?? []
    return { mean: Number(mean), deviation: Number(deviation), bySeed: (bySeed ?? '').split(',').map(Number) }
  }
  const setting = results?.trim().split('\n')[0] ?? ''
  const [train, test, parameters, epochs] = numbers(setting)
  const [difference] = numbers(/Difference, [^:]*: (.*) points on average/.exec(results ?? '')?.[1] ?? '')
  const [error] = numbers(/standard error (.*)/.exec(results ?? '')?.[1] ?? '')
  const found = { train, test, parameters, epochs, linear: row('linear'), relu6: row('ReLU6'), difference, error }
  const all = [
    train,
    test,
    parameters,
    epochs,
    difference,
    error,
    ...[found.linear, found.relu6].flatMap(({ mean, deviation, bySeed }) => [mean, deviation, ...bySeed]),
  ]
  if (!all.every(Number.isFinite))
    throw new Error('docs/ablation.md has no results in the form that apps/demo/build/ablation.mjs reads.')
  return found
}

import type { JSX } from 'preact'
import { classTitle } from '../../view/class-name.js'
import { percent } from '../../view/numbers.js'
import type { ClassValues as Values } from './engine.js'

const number = (value: number): string => value.toFixed(2).replace('-', '−')

/** Classes that are named: the first and the last ones. */
const [firstNamed, lastNamed] = [10, 3] as const

/** The classifier's values with the names of the classes: the greatest and the least. */
export function ClassValues({ values }: { readonly values: Values | null }): JSX.Element {
  if (values === null) return <p class="quiet">Running the network…</p>
  const { answers, logits, bySoftmax } = values
  const ranked = answers.map((answer, rank) => ({ ...answer, rank, logit: logits[answer.index]! }))
  const few = ranked.length <= firstNamed + lastNamed
  const shown = few ? ranked : [...ranked.slice(0, firstNamed), ...ranked.slice(-lastNamed)]
  const all = ranked.map(({ logit }) => logit)
  const [low, high] = [Math.min(...all, 0), Math.max(...all, 0)]
  const range = high - low || 1
  const zero = -low / range
  return (
    <div class="class-values">
      <table>
        <caption>
          {ranked.length} classes. A class's value is the sum of the numbers before, each times a weight of this class.{' '}
          {bySoftmax
            ? 'Softmax turns the values into probabilities, which add up to 100 %.'
            : 'A sigmoid turns each value into a probability of its own.'}
        </caption>
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col" class="number">
              Value
            </th>
            <th scope="col">
              <span class="unseen">Bar</span>
            </th>
            <th scope="col" class="number">
              Probability
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.flatMap(({ index, label, probability, logit, rank }, place) => [
            !few && place === firstNamed && (
              <tr key="between" class="between">
                <td colSpan={4}>… {ranked.length - firstNamed - lastNamed} more, and the last:</td>
              </tr>
            ),
            <tr key={index} data-rank={rank}>
              <th scope="row">{classTitle(label)}</th>
              <td class="number">{number(logit)}</td>
              <td class="signed" aria-hidden="true">
                <span
                  style={{ left: `${100 * (zero + Math.min(0, logit) / range)}%`, width: `${(100 * Math.abs(logit)) / range}%` }}
                />
              </td>
              <td class="number">{percent(probability)}</td>
            </tr>,
          ])}
        </tbody>
      </table>
    </div>
  )
}

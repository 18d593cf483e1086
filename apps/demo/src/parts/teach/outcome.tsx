import type { ConfusionMatrix, HeadProgress } from '@mobilenetv2/tfjs'
import type { JSX } from 'preact'
import { percent } from '../../view/numbers.js'

const width = 320
const height = 120

/** The losses of a training, epoch by epoch, as it goes on. */
export function LossCurve({ losses }: { readonly losses: readonly HeadProgress[] }): JSX.Element {
  const last = losses.at(-1)
  const most = Math.max(...losses.flatMap(({ trainingLoss, validationLoss }) => [trainingLoss, validationLoss ?? 0]), 0.01)
  const epochs = Math.max(losses.length - 1, 1)
  const line = (of: 'trainingLoss' | 'validationLoss'): string =>
    losses
      .flatMap((loss, index) => {
        const value = loss[of]
        return value === null
          ? []
          : [`${((index / epochs) * width).toFixed(1)},${(height - (value / most) * (height - 6)).toFixed(1)}`]
      })
      .join(' ')
  return (
    <figure class="losses">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`Loss over ${losses.length} epochs`}>
        <polyline class="training" points={line('trainingLoss')} />
        <polyline class="validation" points={line('validationLoss')} />
      </svg>
      <figcaption>
        {last === undefined ? (
          'No training yet.'
        ) : (
          <>
            Epoch {last.done}: loss <span class="key training">{last.trainingLoss.toFixed(3)} in training</span>
            {last.validationLoss !== null && (
              <>
                , <span class="key validation">{last.validationLoss.toFixed(3)} on pictures set aside</span>
              </>
            )}
          </>
        )}
      </figcaption>
    </figure>
  )
}

/** How often each class was taken for which. */
export function Confusion({ matrix, title }: { readonly matrix: ConfusionMatrix; readonly title: string }): JSX.Element {
  const { classNames, counts, accuracy } = matrix
  return (
    <div class="confusion">
      <table>
        <caption>
          {title}: {percent(accuracy)} right
        </caption>
        <thead>
          <tr>
            <th scope="col">Is ↓ taken for →</th>
            {classNames.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {counts.map((row, is) => {
            const all = row.reduce((a, b) => a + b, 0)
            return (
              <tr key={classNames[is]}>
                <th scope="row">{classNames[is]}</th>
                {row.map((value, answered) => (
                  <td
                    key={classNames[answered]}
                    class={is === answered ? 'right' : 'wrong'}
                    style={{ '--share': all === 0 ? 0 : value / all }}
                  >
                    {value}
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

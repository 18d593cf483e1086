import type { ConfusionMatrix } from '@mobilenetv2/teach'
import type { JSX } from 'preact'
import { percent } from '../../view/numbers.js'
import type { Learned } from './head.js'

/** How often each class was taken for which. */
function Confusion({ matrix, title }: { readonly matrix: ConfusionMatrix; readonly title: string }): JSX.Element {
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

/** What the pictures that judged the head are called. */
function titleOf({ how }: NonNullable<Learned['validation']>): string {
  switch (how.kind) {
    case 'folds':
      return `Set aside in ${how.folds} turns`
    case 'held-out':
      return 'Pictures set aside'
    case 'own-examples':
      return 'Other pictures'
    default:
      return how satisfies never
  }
}

/** What a training came to. */
export function Outcome({ learned: { training, validation, warnings, milliseconds } }: { readonly learned: Learned }): JSX.Element {
  return (
    <>
      <p class="quiet" role="status">
        Trained in {(milliseconds / 1000).toFixed(2)} s.
      </p>
      {warnings.map(({ kind, message }) => (
        <p key={kind} class="small-text">
          {message}
        </p>
      ))}
      {validation !== null && <Confusion matrix={validation} title={titleOf(validation)} />}
      <Confusion matrix={training} title="Pictures it learned from" />
    </>
  )
}

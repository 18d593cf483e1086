import type { ConfusionMatrix } from '@mobilenetv2/teach'
import type { JSX } from 'preact'
import type { Learned } from './engine.js'

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

/** How many pictures got the right answer, and of how many. */
function rightOf({ counts }: ConfusionMatrix): { readonly right: number; readonly all: number } {
  return { right: sum(counts.map((row, label) => row[label]!)), all: sum(counts.map(sum)) }
}

/** What each class was taken for. `names` are those that the classes have now. */
function Confusion({ matrix, names }: { readonly matrix: ConfusionMatrix; readonly names: readonly string[] }): JSX.Element {
  return (
    <div class="confusion">
      <table>
        <caption class="unseen">What each class was taken for</caption>
        <thead>
          <tr>
            <td />
            {names.map((name, index) => (
              <th key={index} scope="col">
                called {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.counts.map((row, is) => (
            <tr key={is}>
              <th scope="row">{names[is]}</th>
              {row.map((value, answered) => (
                <td
                  key={answered}
                  class={is === answered ? 'right' : 'wrong'}
                  style={{ '--share': sum(row) === 0 ? 0 : value / sum(row) }}
                >
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface OutcomeProps {
  readonly learned: Learned
  readonly names: readonly string[]
}

/** What a training came to. */
export function Outcome({ learned: { training, validation, warnings, milliseconds }, names }: OutcomeProps): JSX.Element {
  const judged = rightOf(validation ?? training)
  return (
    <div class="outcome">
      <p role="status">
        <strong>Learned in {(milliseconds / 1000).toFixed(2)} s.</strong>
      </p>
      {validation === null ? (
        <p class="quiet">Too few pictures to test it with. Add some, so that a part of them can be set aside for a test.</p>
      ) : (
        <p>
          <strong class="number">
            {judged.right} of {judged.all}
          </strong>{' '}
          pictures right in a test. Each was set aside while the rest was learned.
        </p>
      )}
      {warnings
        .filter(({ kind }) => kind !== 'not-validated')
        .map(({ kind, message }) => (
          <p key={kind} class="quiet">
            {message}
          </p>
        ))}
      {validation !== null && (
        <details>
          <summary>Which classes are mixed up</summary>
          <Confusion matrix={validation} names={names} />
        </details>
      )}
    </div>
  )
}

import type { JSX } from 'preact'
import { Outcome } from './outcome.js'
import { classes, isStale, isTaught, obstacle, taught, train, training } from './state.js'

/** The middle column: the button Train, and the result of the training. */
export function Train(): JSX.Element {
  const why = obstacle.value
  const going = training.value
  const names = taught.value?.keys.map((key) => classes.value.find((one) => one.key === key)?.name ?? 'a removed class') ?? []
  const isDone = isTaught.value && !isStale.value
  return (
    <section class="train" aria-labelledby="train-title">
      <h2 id="train-title">Train</h2>
      <button type="button" class="primary wide" disabled={why !== null || going !== null} onClick={() => void train()}>
        {going !== null ? 'Learning…' : isTaught.value ? 'Train again' : 'Train'}
      </button>
      {going !== null && (
        <>
          <progress aria-label="Pictures that the network has looked at" max={going.total} value={going.done} />
          <p class="quiet">
            {going.done < going.total ? `Looking at picture ${going.done + 1} of ${going.total}` : 'Learning the last layer'}
          </p>
        </>
      )}
      {why !== null && <p class="quiet">{why}</p>}
      {going === null && why === null && isTaught.value && isStale.value && (
        <p>The pictures have changed since the training. Train again.</p>
      )}
      {going === null && why === null && !isTaught.value && (
        <p class="quiet">The network stays as it is. Only a new last layer is learned, which takes a second.</p>
      )}
      {going === null && isDone && <Outcome learned={taught.value!.learned} names={names} />}
    </section>
  )
}

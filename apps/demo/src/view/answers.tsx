import type { Answer, Milliseconds } from 'mobilenetv2'
import type { JSX } from 'preact'

import { percent } from './numbers.js'

/** The answers of a classification, each with a bar as long as its probability. */
export function Answers({
  answers,
  nameOf = ({ label }) => label,
}: {
  readonly answers: readonly Answer[]
  /** What an answer is called on the screen. */
  readonly nameOf?: (answer: Answer) => string
}): JSX.Element {
  return (
    <ol class="answers">
      {answers.map((answer, rank) => (
        <li key={rank} data-index={answer.index}>
          <span class="label" title={answer.label}>
            {nameOf(answer)}
          </span>
          <span class="value">{percent(answer.probability)}</span>
          <span class="track" aria-hidden="true">
            <span style={{ transform: `scaleX(${answer.probability})` }} />
          </span>
        </li>
      ))}
    </ol>
  )
}

const steps = [
  ['decode', 'Decode'],
  ['preprocess', 'Resize, crop, normalise'],
  ['network', 'Network'],
] as const

/** Where the time of one picture goes. */
export function TimeSplit({ times }: { readonly times: Milliseconds }): JSX.Element {
  const total = times.decode + times.preprocess + times.network
  return (
    <div class="times">
      <div class="split" aria-hidden="true">
        {steps.map(([step]) => (
          <span key={step} class={step} style={{ flexGrow: times[step] / total }} />
        ))}
      </div>
      <dl>
        {steps.map(([step, title]) => (
          <div key={step} class={step}>
            <dt>{title}</dt>
            <dd>{times[step].toFixed(1)} ms</dd>
          </div>
        ))}
        <div>
          <dt>Together</dt>
          <dd>{total.toFixed(1)} ms</dd>
        </div>
      </dl>
    </div>
  )
}

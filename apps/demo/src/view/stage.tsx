import type { Answer } from 'mobilenetv2'
import type { ComponentChildren, JSX } from 'preact'
import { percent } from './numbers.js'

interface StageProps {
  /** The picture or video, with what is laid over it; or what an empty stage says. */
  readonly children: ComponentChildren
  /** The answers to what is shown, best first; null while there are none. */
  readonly answers?: readonly Answer[] | null
  /** A short line under the best answer, such as "33 ms, nothing uploaded"; or what is waited for while there is no answer. */
  readonly note?: ComponentChildren
  /** What a label is called on the screen. */
  readonly nameOf?: (answer: Answer) => string
}

/** A best answer below this probability is a guess, and is called one. */
const unsure = 0.2

/** A picture or a video with the answer laid over it. */
export function Stage({ children, answers = null, note, nameOf = ({ label }) => label }: StageProps): JSX.Element {
  const best = answers?.[0]
  return (
    <div class="stage">
      {children}
      {(best !== undefined || note) && (
        <div class="stage-answer">
          {best !== undefined && (
            <p class="stage-best">
              {best.probability < unsure && 'perhaps '}
              <span class="label">{nameOf(best)}</span> <span class="value">{percent(best.probability)}</span>
            </p>
          )}
          {note && <p class="stage-note">{note}</p>}
        </div>
      )}
    </div>
  )
}

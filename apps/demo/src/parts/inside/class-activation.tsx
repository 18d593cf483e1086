import type { Answer, Explanation } from 'mobilenetv2'
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { ask } from '../../engine/client.js'
import { opened } from '../../state/model.js'
import { picture } from '../../state/picture.js'
import { answerTitle } from '../../view/class-name.js'
import { percent } from '../../view/numbers.js'
import { Crop } from './crop.js'
import { drawHeat, heatGradient } from './draw.js'
import { chosenClass } from './state.js'
import { useAsked } from './use-asked.js'

/** Answers that are offered; every other class can be typed. */
const offered = 5

function Heat({ explanation }: { readonly explanation: Explanation | null }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    if (explanation !== null) drawHeat(canvas.current!, explanation)
  }, [explanation])
  const label = explanation === null ? '' : `Heat map: where the network finds ${answerTitle(explanation.answer)}`
  return <canvas ref={canvas} class="heat-map" role="img" aria-label={label} width="1" height="1" />
}

function ClassChoice({ answers, current }: { readonly answers: readonly Answer[]; readonly current: Answer }): JSX.Element {
  const [unknown, setUnknown] = useState<string | null>(null)
  const shown = answers.slice(0, offered)
  const choose = (answer: Answer): void => {
    setUnknown(null)
    chosenClass.value = answer.index === answers[0]!.index ? null : String(answer.index)
  }
  const find = (text: string): void => {
    const wanted = text.trim().toLowerCase()
    if (wanted === '') return
    const names = ({ label }: Answer): string => label.toLowerCase()
    const found =
      answers.find((answer) => names(answer) === wanted) ??
      answers.find((answer) => names(answer).split(', ').includes(wanted)) ??
      answers.find((answer) => names(answer).includes(wanted))
    if (found === undefined) setUnknown(text)
    else choose(found)
  }
  return (
    <fieldset class="class-choice">
      <legend>Show the evidence for</legend>
      {[...shown, ...(shown.includes(current) ? [] : [current])].map((answer) => (
        <label key={answer.index}>
          <input type="radio" name="class" checked={answer.index === current.index} onChange={() => choose(answer)} />
          <span>{answerTitle(answer)}</span>
          <span class="number">{percent(answer.probability)}</span>
        </label>
      ))}
      {answers.length > offered && (
        <label class="other">
          <span>Another of the {answers.length} classes</span>
          <input type="text" list="classes" placeholder="Type a name" onChange={({ currentTarget }) => find(currentTarget.value)} />
          <datalist id="classes">
            {answers.slice(offered).map(({ index, label }) => (
              <option key={index} value={label} />
            ))}
          </datalist>
        </label>
      )}
      <p role="status" class="quiet">
        {unknown !== null && `This network has no class “${unknown}”.`}
      </p>
    </fieldset>
  )
}

/** Where in the picture the evidence for a class is, on the part of the picture that the network is given. */
export function ClassActivation({ answers }: { readonly answers: readonly Answer[] | null }): JSX.Element {
  const [heated, setHeated] = useState(true)
  const chosen = picture.value
  const model = opened.value
  const wanted = chosenClass.value
  const current = answers?.find(({ index }) => String(index) === wanted) ?? answers?.[0]
  const explanation = useAsked(
    'The class activation map cannot be shown.',
    chosen === null || model === null || current === undefined
      ? null
      : (signal) => ask('explain', [chosen.file, current.index], { signal }),
    [chosen, model, current?.index],
  )
  const name = current === undefined ? 'the best answer' : answerTitle(current)
  const nothing = explanation?.heat.every((value) => value === 0) ?? false
  return (
    <div class="where">
      <figure>
        <div class="layers">
          <Crop label="The part of the picture that the network is given" />
          {heated && <Heat explanation={explanation} />}
        </div>
        <figcaption>
          <span class="legend" style={{ background: heatGradient }} aria-hidden="true" />
          <span class="legend-ends">
            <span>no evidence here</span>
            <span>most evidence for {name}</span>
          </span>
          <label class="check">
            <input type="checkbox" checked={heated} onChange={({ currentTarget }) => setHeated(currentTarget.checked)} />
            Heat map
          </label>
        </figcaption>
      </figure>
      <div>
        {answers !== null && current !== undefined && <ClassChoice answers={answers} current={current} />}
        <p class="quiet">
          {nothing
            ? `The network finds no evidence for “${name}” on this picture.`
            : `At each place of the last maps, the value of each channel is multiplied by its weight for the class, and all products
               are added: this is a class activation map (Zhou et al. 2016).
               It has ${explanation === null ? '…' : `${explanation.height} × ${explanation.width}`} places, so it is coarse.`}
        </p>
      </div>
    </div>
  )
}

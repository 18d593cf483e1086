import { type Architecture, defineMobileNetV1, defineMobileNetV2, totalMultiplyAdds, totalParameters } from '@mobilenetv2/spec'
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { ask } from '../../engine/client.js'
import { attempt } from '../../state/messages.js'
import { chosenBackend, models, opened } from '../../state/model.js'
import type { ModelChoice } from '../../state/model-choices.js'
import { picture } from '../../state/picture.js'
import { classTitle } from '../../view/class-name.js'
import { docsPage } from '../../view/links.js'
import { milliseconds, percent, short } from '../../view/numbers.js'
import type { Run } from './engine.js'

/** Both at full width, by the definition. */
const defined = [
  ['MobileNetV1', defineMobileNetV1()],
  ['MobileNetV2', defineMobileNetV2()],
] as const

const figures: readonly (readonly [title: string, of: (architecture: Architecture) => number])[] = [
  ['Parameters', totalParameters],
  ['Multiply-adds', totalMultiplyAdds],
]

function Counts(): JSX.Element {
  return (
    <div class="counts">
      {figures.map(([title, of]) => {
        const most = Math.max(...defined.map(([, architecture]) => of(architecture)))
        return (
          <div key={title}>
            <h3>{title}</h3>
            {defined.map(([name, architecture]) => (
              <p key={name} class="count">
                <span>{name}</span>
                <span class="number">{short(of(architecture))}</span>
                <span class="track" aria-hidden="true">
                  <span style={{ transform: `scaleX(${of(architecture) / most})` }} />
                </span>
              </p>
            ))}
          </div>
        )
      })}
    </div>
  )
}

const isV1 = ({ source }: ModelChoice): boolean => source.kind === 'served' && /mobilenet_v1/.test(source.url)

function OneRun({ title, run }: { readonly title: string; readonly run: Run | null }): JSX.Element {
  return (
    <div class="run">
      <h3>{title}</h3>
      {run === null ? (
        <p class="quiet">…</p>
      ) : (
        <>
          <ol>
            {run.answers.slice(0, 3).map(({ index, label, probability }) => (
              <li key={index}>
                <span>{classTitle(label, run.labels)}</span> <span class="number">{percent(probability)}</span>
              </li>
            ))}
          </ol>
          <p class="quiet number">
            {milliseconds(run.milliseconds)} at {run.input} × {run.input}, {short(run.multiplyAdds)} multiply-adds,{' '}
            {short(run.parameters)} parameters
          </p>
        </>
      )}
    </div>
  )
}

function Runs({ first, second }: { readonly first: ModelChoice; readonly second: ModelChoice }): JSX.Element {
  const [results, setResults] = useState<readonly (Run | null)[] | null>(null)
  const ended = useRef<AbortController | null>(null)
  const chosen = picture.value
  useEffect(() => {
    setResults(null)
    return () => ended.current?.abort(new DOMException('Another picture is shown.', 'AbortError'))
  }, [chosen])
  const start = (): void => {
    if (chosen === null) return
    ended.current?.abort(new DOMException('It starts again.', 'AbortError'))
    const mine = new AbortController()
    ended.current = mine
    setResults([null, null])
    void attempt('The two networks were not compared.', async () => {
      const found: (Run | null)[] = [null, null]
      for (const [place, { source }] of [first, second].entries()) {
        found[place] = await ask('why.run', [source, chosenBackend.value, chosen.file], { signal: mine.signal })
        if (!mine.signal.aborted) setResults([...found])
      }
    })
  }
  return (
    <>
      <p>
        This site has trained weights of both. The two networks need not be equally wide; the figures below each network say how
        large it is.
      </p>
      <p class="actions">
        <button type="button" disabled={chosen === null || opened.value === null} onClick={start}>
          Run both on {chosen === null ? 'a picture' : 'this picture'}
        </button>
        {chosen !== null && <img class="thumb" src={chosen.url} alt={chosen.name} />}
      </p>
      {results !== null && (
        <div class="runs" aria-live="polite">
          <OneRun title={first.title} run={results[0] ?? null} />
          <OneRun title={second.title} run={results[1] ?? null} />
        </div>
      )}
    </>
  )
}

/** MobileNetV1 beside V2: by counts, and with real weights where the site has some of V1. */
export function Versions(): JSX.Element {
  const served = models.value.filter(({ source }) => source.kind === 'served')
  const first = served.filter(isV1).at(-1)
  const second = served.find((choice) => !isV1(choice))
  return (
    <section class="versions" aria-labelledby="versions-title">
      <h2 id="versions-title">Less work than the first version</h2>
      <p>
        MobileNetV1 has neither expansion nor shortcut: its blocks are a depthwise layer and a pointwise one, each with ReLU6. The
        second version has fewer parameters, and about half of the multiply-adds.{' '}
        <a href={docsPage('mobilenet-v1.md')}>Both with real weights on photos</a>
      </p>
      <Counts />
      {first !== undefined && second !== undefined && <Runs first={first} second={second} />}
    </section>
  )
}

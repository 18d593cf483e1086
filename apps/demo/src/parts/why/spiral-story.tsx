import type { Signal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { percent } from '../../view/numbers.js'
import { fewest, most } from './loss-curve.js'
import { lost, spiral, thereAndBack } from './spiral.js'
import { SpiralPlot } from './spiral-plot.js'
import { chosenDimensions, chosenSeed, toldDimensions } from './state.js'

/** A step of the story, and what the plot shows beside it. */
interface Step {
  readonly title: string
  readonly text: string
  /** Null where the spiral goes nowhere. */
  readonly n: number | null
  readonly relu: boolean
  readonly loops?: true
}

const steps: readonly Step[] = [
  {
    title: 'A spiral is information.',
    text: 'Each of its 400 points is two numbers: a picture of two channels, if you like. The colour says which point is which.',
    n: null,
    relu: true,
  },
  {
    title: 'Two channels and a ReLU ruin it.',
    text: 'A random matrix turns each point into two other numbers. ReLU sets those below zero to zero. The inverse matrix leads back to the plane. Whole stretches of the spiral now lie on lines, and no later layer can unfold them.',
    n: 2,
    relu: true,
  },
  {
    title: 'With more channels it survives.',
    text: 'The same with 30 numbers for each point. ReLU still sets about half of them to zero; the other channels keep what one of them loses. The spiral comes back bent, and most of it can be told apart.',
    n: 30,
    relu: true,
  },
  {
    title: 'Without ReLU nothing is lost.',
    text: 'Two channels again, and no ReLU between the matrix and its inverse. So where there are few channels, leave out the ReLU: that is a linear bottleneck.',
    n: 2,
    relu: false,
  },
  {
    title: 'Slide it yourself.',
    text: 'The slider on the plot sets the number of dimensions. Each matrix is random, and some are luckier than others: take another one.',
    n: 5,
    relu: true,
    loops: true,
  },
]

/** A number of dimensions or a seed in the address. */
const numberOf = (chosen: Signal<string | null>, low: number, high: number): number | null => {
  const value = Number(chosen.value ?? Number.NaN)
  return Number.isInteger(value) && value >= low && value <= high ? value : null
}

/** A typical matrix: with 2 channels it ruins the spiral, and with 30 it loses about as much as the mean. */
const usualSeed = 25

/** The seed that the address names. */
export const seedNow = (): number => numberOf(chosenSeed, 1, 9999) ?? usualSeed

/** The dimensions that the visitor has chosen; null if the story decides. */
export const dimensionsNow = (): number | null => numberOf(chosenDimensions, fewest, most)

/** Milliseconds between two steps of the loop. */
const beat = 200

/** Goes from the fewest dimensions to the most and back, over and over. Not in the address: browsers limit how often it may change. */
function useLoop(running: boolean): void {
  useEffect(() => {
    if (!running) return
    let up = true
    const timer = setInterval(() => {
      const n = toldDimensions.value
      if (n >= most) up = false
      if (n <= fewest) up = true
      toldDimensions.value = n + (up ? 1 : -1)
    }, beat)
    return () => clearInterval(timer)
  }, [running])
}

/**
 * The part of the window in which a step counts as being read: the middle; on a phone it is lower, as the plot has the upper half.
 */
const middle = (): string => (matchMedia('(max-width: 760px)').matches ? '-58% 0px -32% 0px' : '-45% 0px -45% 0px')

const still = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches

/** The paper's first figure as a story: the text scrolls, and the plot beside it follows. */
export function SpiralStory(): JSX.Element {
  const [at, setAt] = useState(0)
  const [relu, setRelu] = useState<boolean | null>(null)
  const [looping, setLooping] = useState(false)
  const texts = useRef<HTMLDivElement>(null)
  const step = steps[at]!
  const seed = seedNow()
  const chosen = dimensionsNow()
  const n = chosen ?? (looping || step.n !== null ? toldDimensions.value : null)
  const rectified = relu ?? step.relu
  const back = n === null ? spiral : thereAndBack(spiral, n, seed, rectified)
  useLoop(looping)
  const toggleLoop = (): void => {
    toldDimensions.value = n ?? fewest
    chosenDimensions.value = looping ? String(n) : null
    setLooping(!looping)
  }
  useEffect(() => {
    let first = true
    let told = -1
    const inMiddle = new Set<Element>()
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) inMiddle.add(target)
          else inMiddle.delete(target)
        }
        // If two steps are in that part, the later one counts.
        const index = [...texts.current!.children].findLastIndex((child) => inMiddle.has(child))
        if (index === told) return
        told = index
        if (index < 0) return
        setAt(index)
        toldDimensions.value = steps[index]?.n ?? fewest
        // A number of dimensions in the address stays when the page opens, and goes when the story goes on.
        if (!first) {
          chosenDimensions.value = null
          setRelu(null)
          setLooping(steps[index]?.loops === true && !still())
        }
        first = false
      },
      { rootMargin: middle() },
    )
    for (const child of texts.current!.children) observer.observe(child)
    return () => observer.disconnect()
  }, [])
  const share = percent(lost(spiral, back))
  return (
    <div class="story">
      <figure class="story-plot">
        <div class="plot-area">
          <SpiralPlot
            points={back}
            behind={n === null ? null : spiral}
            title={n === null ? 'A spiral' : `The spiral as it comes back from ${n} dimensions${rectified ? '' : ', without ReLU'}`}
          />
          <p class="plot-note">
            {n === null ? (
              'as it is'
            ) : (
              <>
                <strong class="number lost">{share}</strong> lost
              </>
            )}
          </p>
          <div class="plot-slider">
            <button
              type="button"
              aria-pressed={looping}
              aria-label={looping ? 'Stop the loop' : 'Loop through the dimensions'}
              onClick={toggleLoop}
            >
              {looping ? '❚❚' : '▶'}
            </button>
            <label>
              <span class="number">{n === null ? 'n' : `n = ${n}`}</span>
              <input
                type="range"
                aria-label="Dimensions"
                min={fewest}
                max={most}
                value={n ?? fewest}
                onInput={({ currentTarget }) => {
                  setLooping(false)
                  chosenDimensions.value = currentTarget.value
                }}
              />
            </label>
          </div>
        </div>
        <figcaption class="controls">
          <label class="check">
            <input type="checkbox" checked={rectified} onChange={({ currentTarget }) => setRelu(currentTarget.checked)} />
            With ReLU
          </label>
          <button type="button" onClick={() => (chosenSeed.value = String(seed + 1))}>
            Another matrix (seed {seed})
          </button>
        </figcaption>
      </figure>
      <div ref={texts} class="story-steps">
        {steps.map(({ title, text }, index) => (
          <div key={title} class="story-step" data-now={index === at}>
            <h2>{title}</h2>
            <p>{text}</p>
          </div>
        ))}
      </div>
    </div>
  )
}

import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { percent } from '../../view/numbers.js'
import { Slider } from '../../view/slider.js'
import { BlockDrawing } from './block-drawing.js'
import { blocks } from './blocks.js'
import { Plot } from './plot.js'
import { lost, meanLost, spiral, thereAndBack } from './spiral.js'
import './style.css'

/** The dimensions that the paper shows, and one more. */
const shown = [2, 3, 5, 15, 30, 50]

/** What is lost in each of them on average; each is worked out in a task of its own, so that the page is not blocked. */
function useMeans(): readonly number[] {
  const [means, setMeans] = useState<readonly number[]>([])
  useEffect(() => {
    let wanted = true
    void (async () => {
      const found: number[] = []
      for (const n of shown) {
        await new Promise((resolve) => setTimeout(resolve))
        found.push(meanLost(n))
      }
      if (wanted) setMeans(found)
    })()
    return () => {
      wanted = false
    }
  }, [])
  return means
}

/** Why the narrow ends of a block must be linear. */
export function Why(): JSX.Element {
  const [dimensions, setDimensions] = useState(3)
  const [seed, setSeed] = useState(1)
  const [relu, setRelu] = useState(true)
  const means = useMeans()
  const back = thereAndBack(spiral, dimensions, seed, relu)
  return (
    <section class="why" aria-labelledby="why-title">
      <h1 id="why-title">Why linear bottlenecks</h1>
      <p class="lead">
        A spiral in the plane goes into <em>n</em> dimensions by a random matrix, through ReLU, and back by the matrix's
        pseudo-inverse. In few dimensions ReLU destroys it; in many, what one channel loses another one keeps. So the paper puts its
        ReLU6 where a block is wide, and nothing where it is narrow (section 3.2, figure 1).
      </p>
      <div class="columns">
        <div class="card">
          <div class="controls">
            <Slider name="Dimensions" value={dimensions} shown={`n = ${dimensions}`} min={2} max={50} onValue={setDimensions} />
            <label class="check">
              <input type="checkbox" checked={relu} onChange={({ currentTarget }) => setRelu(currentTarget.checked)} />
              With ReLU
            </label>
            <button type="button" onClick={() => setSeed(seed + 1)}>
              Another matrix (seed {seed})
            </button>
          </div>
          <div class="pair">
            <figure>
              <Plot points={spiral} title="The spiral as it was" />
              <figcaption>As it was</figcaption>
            </figure>
            <figure>
              <Plot points={back} title={`The spiral as it comes back from ${dimensions} dimensions`} />
              <figcaption>
                As it comes back: <strong class="number lost">{percent(lost(spiral, back))}</strong> lost
              </figcaption>
            </figure>
          </div>
        </div>
        <div class="card">
          <h2>More dimensions, less lost</h2>
          <ul class="multiples">
            {shown.map((n, index) => {
              const mean = means[index]
              const returned = thereAndBack(spiral, n, seed, relu)
              return (
                <li key={n}>
                  <button type="button" aria-pressed={n === dimensions} onClick={() => setDimensions(n)}>
                    <Plot points={returned} title={`The spiral as it comes back from ${n} dimensions`} />
                    <span>
                      n = {n}
                      <br />
                      {percent(lost(spiral, returned))} lost
                      <br />
                      <span class="quiet">mean {mean === undefined ? '…' : percent(mean)}</span>
                    </span>
                  </button>
                </li>
              )
            })}
          </ul>
          <p class="quiet">
            Lost: what no linear layer after it could restore, as a share of the spiral; the mean is over 50 matrices with ReLU.
            Without ReLU nothing is lost in any dimension.
          </p>
        </div>
      </div>
      <h2 class="section">Two ways to build a residual block</h2>
      <div class="columns">
        {blocks.map((block) => (
          <div class="card" key={block.title}>
            <BlockDrawing block={block} />
          </div>
        ))}
      </div>
    </section>
  )
}

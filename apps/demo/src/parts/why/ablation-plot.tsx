import type { JSX } from 'preact'
import { docsPage } from '../../view/links.js'
import { ablation as results } from './ablation.js'

const [width, height, left, right, bottom] = [640, 150, 130, 20, 30]
const all = [...results.linear.bySeed, ...results.relu6.bySeed]
const [low, high] = [Math.floor(Math.min(...all)) - 1, Math.ceil(Math.max(...all)) + 1]
const x = (accuracy: number): number => left + ((accuracy - low) / (high - low)) * (width - left - right)
const rows = [
  { name: 'Linear', y: 34, of: results.linear, kind: 'linear' },
  { name: 'With ReLU6', y: 88, of: results.relu6, kind: 'rectified' },
] as const
const ticks = Array.from({ length: Math.floor((high - low) / 2) + 1 }, (_, index) => low + 2 * index)

/** Linear bottlenecks against ones with ReLU6, trained alike: the results of docs/ablation.md. */
export function AblationPlot(): JSX.Element {
  const { linear, relu6 } = results
  return (
    <section class="ablation" aria-labelledby="ablation-title">
      <h2 id="ablation-title">Trained both ways, the linear one wins</h2>
      <p>
        Two networks of {results.parameters.toLocaleString('en-US')} parameters were trained {linear.bySeed.length} times each, from
        the same random beginnings: {results.epochs} passes over {results.train.toLocaleString('en-US')} handwritten digits. One has
        linear bottlenecks, the other has a ReLU6 in each of them. On {results.test.toLocaleString('en-US')} other digits the linear
        one is right in{' '}
        <strong>
          {linear.mean.toFixed(1)} %, the other in {relu6.mean.toFixed(1)} %
        </strong>
        .
      </p>
      <figure>
        <svg
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={`Test accuracy by seed: linear ${linear.bySeed.join(', ')} %; with ReLU6 ${relu6.bySeed.join(', ')} %`}
        >
          {ticks.map((tick) => (
            <g key={tick}>
              <path class="grid" d={`M${x(tick)} 12V${height - bottom}`} />
              <text x={x(tick)} y={height - 10} text-anchor="middle">
                {tick} %
              </text>
            </g>
          ))}
          {linear.bySeed.map((accuracy, seed) => (
            <path key={seed} class="pair" d={`M${x(accuracy)} 34L${x(relu6.bySeed[seed]!)} 88`} />
          ))}
          {rows.map(({ name, y, of, kind }) => (
            <g key={name} class={kind}>
              <text x={left - 12} y={y + 4} text-anchor="end" class="name">
                {name}
              </text>
              {of.bySeed.map((accuracy, seed) => (
                <circle key={seed} cx={x(accuracy)} cy={y} r="6" />
              ))}
              <path class="middle" d={`M${x(of.mean)} ${y - 14}v28`} />
            </g>
          ))}
        </svg>
        <figcaption>
          Each dot is a training. A line joins trainings from the same beginning; the strokes are means. The difference is{' '}
          {results.difference.toFixed(1)} points, with a standard error of {results.error.toFixed(1)}. It is one small network on
          few pictures: <a href={docsPage('ablation.md')}>how it was done, and how to read it</a>.
        </figcaption>
      </figure>
    </section>
  )
}

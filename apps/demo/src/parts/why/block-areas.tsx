import type { JSX } from 'preact'
import { count, short } from '../../view/numbers.js'
import { type Block, blocks, parametersOf, workOf } from './blocks.js'

/** Between two layers, in the unit of the drawing, which is one channel. */
const gap = 28

/** The width of the widest block; both are drawn in it, so that their areas compare. */
const widest = Math.max(...blocks.map(({ steps }) => steps.reduce((sum, { inputs }) => sum + inputs + gap, -gap)))

function Areas({ steps, title }: Block): JSX.Element {
  const tallest = Math.max(...steps.map(({ output }) => output))
  let left = 0
  return (
    <svg viewBox={`0 0 ${widest} ${tallest}`} role="img" aria-label={`${title}: each layer as a rectangle, its area is its cost`}>
      {steps.map(({ name, inputs, output, activation }) => {
        const x = left
        left += inputs + gap
        return (
          <rect
            key={name}
            class={activation === 'linear' ? 'linear' : 'rectified'}
            x={x}
            y={(tallest - output) / 2}
            width={inputs}
            height={output}
          />
        )
      })}
    </svg>
  )
}

function OneBlock({ block }: { readonly block: Block }): JSX.Element {
  const { title, text, size, steps } = block
  return (
    <figure class="block">
      <h3>{title}</h3>
      <p>{text}</p>
      <Areas {...block} />
      <figcaption>
        <ul>
          {steps.map(({ name, input, output, activation, multiplyAdds }) => (
            <li key={name} class={activation === 'linear' ? 'linear' : 'rectified'}>
              {name}, {input} → {output}, {activation}: <span class="number">{short(multiplyAdds)}</span>
            </li>
          ))}
        </ul>
        <dl>
          <div>
            <dt>
              Multiply-adds at {size} × {size}
            </dt>
            <dd>{count(workOf(block))}</dd>
          </div>
          <div>
            <dt>Parameters</dt>
            <dd>{count(parametersOf(block))}</dd>
          </div>
          <div>
            <dt>Values that the shortcut keeps</dt>
            <dd>{count(size * size * steps[0]!.input)}</dd>
          </div>
        </dl>
      </figcaption>
    </figure>
  )
}

/** The two ways to build a residual block, drawn so that the area of each layer is its cost. */
export function BlockAreas(): JSX.Element {
  const [inverted, classic] = blocks
  return (
    <section aria-labelledby="blocks-title">
      <h2 id="blocks-title">So the block is turned inside out</h2>
      <p>
        Every rectangle is a layer: as wide as the inputs that each value is summed from, and as high as it has channels. Its area
        is its cost, and both blocks are drawn to one scale. The classic one costs{' '}
        <strong>{(workOf(classic!) / workOf(inverted!)).toFixed(1)} times</strong> as much: its middle mixes places and channels at
        once. The depthwise layer, the thin one, filters each channel by itself, so that a wide middle is cheap.
      </p>
      <div class="blocks">
        {blocks.map((block) => (
          <OneBlock key={block.title} block={block} />
        ))}
      </div>
    </section>
  )
}

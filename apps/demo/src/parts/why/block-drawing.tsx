import type { JSX } from 'preact'
import { count } from '../../view/numbers.js'
import type { Block } from './blocks.js'

const tallest = 256
const width = 400
const middle = 108

/** Half of the height of a tensor: by the square root, so that 24 can be seen beside 256. */
const half = (channels: number): number => 76 * Math.sqrt(channels / tallest)

/** A block as its tensors, as high as they have channels, and the layers between them. */
export function BlockDrawing({ block }: { readonly block: Block }): JSX.Element {
  const { title, text, size, steps } = block
  const channels = [steps[0]!.input, ...steps.map(({ output }) => output)]
  const gap = (width - 60) / steps.length
  const at = (index: number): number => 24 + index * gap
  const top = middle - Math.max(...channels.map(half)) - 12
  const [first, last] = [channels[0]!, channels.at(-1)!]
  const sum = (of: 'parameters' | 'multiplyAdds'): number => steps.reduce((total, step) => total + step[of], 0)
  return (
    <figure class="block">
      <h3>{title}</h3>
      <svg viewBox={`0 0 ${width} 250`} role="img" aria-label={`${title}: ${channels.join(' to ')} channels`}>
        {steps.map((step, index) => {
          const [left, right] = [at(index) + 12, at(index + 1)]
          const [a, b] = [half(step.input), half(step.output)]
          return (
            <g key={step.name}>
              <polygon
                class={step.activation === 'linear' ? 'linear' : 'rectified'}
                points={`${left},${middle - a} ${right},${middle - b} ${right},${middle + b} ${left},${middle + a}`}
              />
              <text x={(left + right) / 2} y="222" text-anchor="middle">
                {step.name}
              </text>
              <text x={(left + right) / 2} y="240" text-anchor="middle" class="sub">
                {step.activation}
              </text>
            </g>
          )
        })}
        {channels.map((value, index) => (
          <g key={at(index)}>
            <rect class="tensor" x={at(index)} y={middle - half(value)} width="12" height={2 * half(value)} rx="2" />
            <text x={at(index) + 6} y={middle + half(value) + 14} text-anchor="middle" class="sub">
              {value}
            </text>
          </g>
        ))}
        <path
          class="shortcut"
          d={`M${at(0) + 6},${middle - half(first) - 2} C${at(0) + 6},${top - 12} ${at(steps.length) + 6},${top - 12} ${at(steps.length) + 6},${middle - half(last) - 2}`}
        />
      </svg>
      <figcaption>
        <p>{text}</p>
        <dl>
          <div>
            <dt>Parameters</dt>
            <dd>{count(sum('parameters'))}</dd>
          </div>
          <div>
            <dt>
              Multiply-adds at {size} × {size}
            </dt>
            <dd>{count(sum('multiplyAdds'))}</dd>
          </div>
          <div>
            <dt>Values that the shortcut keeps</dt>
            <dd>{count(size * size * first)}</dd>
          </div>
        </dl>
      </figcaption>
    </figure>
  )
}

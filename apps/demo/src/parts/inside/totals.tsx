import { type Architecture, activationMemory, totalMultiplyAdds, totalParameters } from '@mobilenetv2/spec'
import type { JSX } from 'preact'
import { bytes, count } from '../../view/numbers.js'

interface TotalsProps {
  readonly architecture: Architecture
  /** The time of one picture, and what it is: measured or predicted. */
  readonly time: { readonly title: string; readonly value: string }
  /** What it is compared with; null if with nothing. */
  readonly against: Architecture | null
}

/** How much more or less than `before`; empty if they agree to a percent. */
function change(value: number, before: number): string {
  const percent = Math.round(100 * (value / before - 1))
  return percent === 0 ? '' : `${percent > 0 ? '+' : '−'}${Math.abs(percent)} %`
}

/** What a network costs as a whole. */
export function Totals({ architecture, time, against }: TotalsProps): JSX.Element {
  const figures: readonly (readonly [title: string, of: (network: Architecture) => number, text: (value: number) => string])[] = [
    ['Parameters', totalParameters, count],
    ['Weights, 4 bytes each', (network) => 4 * totalParameters(network), bytes],
    ['Multiply-adds', totalMultiplyAdds, count],
    ['Memory of maps, layer by layer', (network) => activationMemory(network, 'layer').peakBytes, bytes],
    ['Memory of maps, block by block', (network) => activationMemory(network, 'block').peakBytes, bytes],
  ]
  return (
    <dl class="tiles">
      {figures.map(([title, of, text]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>
            {text(of(architecture))}
            {against !== null && <small class="quiet"> {change(of(architecture), of(against))}</small>}
          </dd>
        </div>
      ))}
      <div>
        <dt>{time.title}</dt>
        <dd>{time.value}</dd>
      </div>
    </dl>
  )
}

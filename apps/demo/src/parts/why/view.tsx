import type { JSX } from 'preact'
import { UseThis } from '../../view/code.js'
import { AblationPlot } from './ablation-plot.js'
import { BlockAreas } from './block-areas.js'
import { LossChart } from './loss-chart.js'
import { OwnChannels } from './own-channels.js'
import { SpiralStory } from './spiral-story.js'
import { Versions } from './versions.js'
import './style.css'

const code = `import { defineMobileNetV2, totalMultiplyAdds } from '@mobilenetv2/spec'

const linear = defineMobileNetV2()
const rectified = defineMobileNetV2({ bottleneckActivation: 'relu6' })   // as in the comparison above
console.log(totalMultiplyAdds(linear), totalMultiplyAdds(rectified))`

/** Why the network is built as it is, as a story that scrolls. */
export function Why(): JSX.Element {
  return (
    <section class="why" aria-labelledby="why-title">
      <h1 id="why-title">Why it works</h1>
      <p class="lead">
        A neural network passes a picture on as lists of numbers. After most steps it sets the negative ones to zero; that step is
        called ReLU. MobileNetV2 leaves it out where the lists are short. This page shows why: with a spiral, with the network that
        is loaded here, and with two networks that were trained.
      </p>
      <SpiralStory />
      <section aria-labelledby="curve-title">
        <h2 id="curve-title">More dimensions, less lost: on average</h2>
        <p>
          A single matrix may be lucky or not: its thin line jumps. Over many matrices the curve is clear. Slide on it, and the
          spiral above follows.
        </p>
        <LossChart />
      </section>
      <OwnChannels />
      <BlockAreas />
      <AblationPlot />
      <Versions />
      <UseThis code={code} page="network.md" about="The network, along the code" />
    </section>
  )
}

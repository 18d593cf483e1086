import type { Picture } from '@mobilenetv2/image'
import {
  type Architecture,
  type LayerId,
  MobileNetV2Error,
  type Parameters,
  type Preprocessing,
  refuseOption,
} from '@mobilenetv2/spec'
import type { Network } from '@mobilenetv2/weights'
import type { LayerActivation } from './activations.js'
import { type Answer, logitOf } from './answers.js'

/** Where on a picture the evidence for a class is. */
export interface Explanation {
  /** The class that is explained, with its probability. */
  readonly answer: Answer
  /** `[height, width]` of the last convolution's output: 0 where there is no evidence for the class, 1 where there is most. */
  readonly heat: Float32Array
  /** The height of `heat`. */
  readonly height: number
  /** The width of `heat`. */
  readonly width: number
  /** The part of the picture that the network was given, at the size of its input, with the heat drawn over it. */
  readonly overlay: Picture
}

/**
 * The layer whose map is explained: the one before the average pool.
 * @throws MobileNetV2Error `OPTION` if the classifier does not directly follow an average pool
 */
function explainedLayer({ layers }: Architecture): LayerId {
  const [map, pool, classifier] = layers.slice(-3)
  if (map !== undefined && pool?.kind === 'globalAveragePool' && classifier?.id === 'classifier') return map.id
  throw new MobileNetV2Error('OPTION', 'This model has no class activation map.', {
    expected: 'a network that ends with an average pool and the classifier',
    got: `one that ends with ${[map, pool, classifier].flatMap((layer) => (layer === undefined ? [] : `${layer.id} (${layer.kind})`)).join(', ')}`,
  })
}

/**
 * The class activation map (Zhou et al., arXiv 1512.04150, section 2). At each place of the last convolution's output
 * `[height, width, channels]`, the channels are multiplied by the classifier's weights for the class and added. Negative sums become 0,
 * and the largest sum becomes 1.
 * @param activation the output of `explainedLayer`
 * @param logit the class's index among the logits
 * @param sign -1 if the logit speaks against the class
 */
function classActivation(
  activation: LayerActivation,
  architecture: Architecture,
  parameters: Parameters,
  logit: number,
  sign: 1 | -1,
): Float32Array {
  const { kernel } = parameters.get('classifier')!
  const { values, height, width, channels } = activation
  // The sum of one place may overflow float32, even if the logit, which is the mean over all places, does not.
  const heat = new Float64Array(height * width)
  for (let place = 0; place < heat.length; place++) {
    let sum = 0
    for (let channel = 0; channel < channels; channel++) {
      sum += values[place * channels + channel]! * kernel[channel * architecture.classes + logit]!
    }
    heat[place] = Math.max(0, sign * sum)
  }
  const most = heat.reduce((a, b) => Math.max(a, b), 0)
  return Float32Array.from(heat, (value) => (most === 0 ? 0 : value / most))
}

/** Colours for heat from 0 to 1: dark blue, magenta, orange, yellow; the more heat, the lighter. */
const stops: readonly (readonly [number, number, number])[] = [
  [13, 8, 135],
  [156, 23, 158],
  [237, 121, 83],
  [240, 249, 33],
]

function colour(heat: number): readonly [number, number, number] {
  const position = heat * (stops.length - 1)
  const index = Math.min(stops.length - 2, Math.floor(position))
  const [from, to] = [stops[index]!, stops[index + 1]!]
  const mix = (channel: 0 | 1 | 2): number => from[channel] + (to[channel] - from[channel]) * (position - index)
  return [mix(0), mix(1), mix(2)]
}

/**
 * The value of the map between its points, by bilinear interpolation. Outside of the outermost points it is the value of the
 * nearest point.
 */
function interpolate(heat: Float32Array, height: number, width: number, y: number, x: number): number {
  const inside = (value: number, extent: number): number => Math.min(extent - 1, Math.max(0, value))
  const [top, left] = [Math.floor(inside(y, height)), Math.floor(inside(x, width))]
  const [bottom, right] = [Math.min(height - 1, top + 1), Math.min(width - 1, left + 1)]
  const [down, across] = [inside(y, height) - top, inside(x, width) - left]
  const row = (at: number): number => heat[at * width + left]! * (1 - across) + heat[at * width + right]! * across
  return row(top) * (1 - down) + row(bottom) * down
}

/** The opacity of the strongest heat, 0 to 1. */
const opacity = 0.65

/** Turns a model's input `[height, width, 3]` back into a picture and draws a heat map over it. */
function drawOverlay(
  pixels: Float32Array,
  input: { readonly height: number; readonly width: number },
  { mean, deviation }: Preprocessing,
  heat: { readonly heat: Float32Array; readonly height: number; readonly width: number },
): Picture {
  const data = new Uint8ClampedArray(input.height * input.width * 3)
  for (let y = 0; y < input.height; y++) {
    for (let x = 0; x < input.width; x++) {
      const mapY = ((y + 0.5) * heat.height) / input.height - 0.5
      const mapX = ((x + 0.5) * heat.width) / input.width - 0.5
      const value = interpolate(heat.heat, heat.height, heat.width, mapY, mapX)
      const over = colour(value)
      const share = opacity * value
      for (let channel = 0; channel < 3; channel++) {
        const at = (y * input.width + x) * 3 + channel
        const own = (pixels[at]! * deviation[channel]! + mean[channel]!) * 255
        data[at] = own * (1 - share) + over[channel]! * share
      }
    }
  }
  return { data, width: input.width, height: input.height, channels: 3 }
}

/** One picture, and what the network gives for it. */
export interface SeenPicture {
  /** The model's input `[height, width, 3]`. */
  readonly pixels: Float32Array
  /** All answers for it, best first. */
  readonly answers: readonly Answer[]
  /** The output of a layer for it. */
  readonly activationOf: (layer: LayerId) => Promise<LayerActivation>
}

/**
 * Where on a picture the evidence for a class is.
 * @param wanted the index of the class, as in an answer; the most probable class unless given
 * @throws MobileNetV2Error `OPTION` if there is no such class, or as `explainedLayer`
 */
export async function explainPicture(
  { architecture, parameters, classes, preprocessing }: Network,
  { pixels, answers, activationOf }: SeenPicture,
  wanted: number | undefined,
): Promise<Explanation> {
  const answer = wanted === undefined ? answers[0] : answers.find(({ index }) => index === wanted)
  if (answer === undefined) refuseOption('class', wanted, `an integer from 0 to ${answers.length - 1}`)
  const activation = await activationOf(explainedLayer(architecture))
  // A single output with two labels speaks for the second class, and against the first.
  const isSingle = architecture.classes === 1
  const sign = isSingle && answers.length === 2 && answer.index === 0 ? -1 : 1
  const heat = classActivation(activation, architecture, parameters, isSingle ? 0 : logitOf(answer.index, classes), sign)
  const map = { heat, height: activation.height, width: activation.width }
  return { answer, ...map, overlay: drawOverlay(pixels, architecture.input, preprocessing, map) }
}

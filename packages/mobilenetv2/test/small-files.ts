import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { toSafetensors } from '@mobilenetv2/weights'

const options = { widthMultiplier: 0.1, height: 32, width: 32, classes: 3, headChannels: 16 }

/** A model of three classes, as this project writes it. */
export const smallModel: Uint8Array<ArrayBuffer> = toSafetensors({
  options,
  parameters: seededParameters(defineMobileNetV2(options)),
  preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0, 0, 0], deviation: [1, 1, 1] },
  classes: { labels: ['Cat', 'Dog', 'Emu'], background: null, output: 'logits' },
}).slice()

const base64 =
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAFElEQVQImWP4z8DAAMIM/////w8AH+4F+0HwQUsAAAAASUVORK5CYII='

/** A PNG of 2 x 2 pixels. */
export const smallPicture: Uint8Array<ArrayBuffer> = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))

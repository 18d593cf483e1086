import {
  type Architecture,
  defineMobileNetV1,
  defineMobileNetV2,
  type MobileNetV1Options,
  type PaddingConvention,
} from '@mobilenetv2/spec'
import keras from '../../goldens/keras_parameters.json' with { type: 'json' }
import pytorch from '../../goldens/pytorch_parameters.json' with { type: 'json' }

/** Logits that a framework computed for `seededInput` with `seededParameters`. */
interface ParametersGolden {
  readonly title: string
  readonly architecture: Architecture
  /** `[1, classes]` */
  readonly logits: readonly number[]
}

interface GoldenFile {
  readonly producer: string
  readonly cases: readonly {
    readonly family: string
    readonly options: Pick<MobileNetV1Options, 'widthMultiplier' | 'height' | 'width' | 'classes'>
    readonly logits: readonly number[]
  }[]
}

function read({ producer, cases }: GoldenFile, padding: PaddingConvention): readonly ParametersGolden[] {
  return cases.map(({ family, options, logits }) => {
    const define = family === 'MobileNetV1' ? defineMobileNetV1 : defineMobileNetV2
    const title = `${producer}: ${family} ${options.widthMultiplier} at ${options.height} x ${options.width}`
    return { title, architecture: define({ ...options, padding }), logits }
  })
}

/** The goldens of both padding conventions: `same` by Keras, `symmetric` by PyTorch. */
export const parametersGoldens: readonly ParametersGolden[] = [...read(keras, 'same'), ...read(pytorch, 'symmetric')]

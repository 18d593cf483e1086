import { chosenBackend, chosenModel } from '../../state/model.js'
import { firstModel } from '../../state/model-choices.js'
import { picture } from '../../state/picture.js'
import { answerTitle } from '../../view/class-name.js'
import { heated, result, stream } from './state.js'

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

/** The arguments of `load` for the loaded model. The default model needs no name. */
function loadArguments(): string {
  const source = chosenModel.value?.source
  const options = chosenBackend.value === 'webgpu' ? "{ backend: 'webgpu' }" : ''
  const name =
    source === undefined || chosenModel.value?.id === firstModel
      ? ''
      : source.kind === 'files'
        ? quoted(source.files[0]?.path ?? '')
        : quoted(chosenModel.value?.id ?? '')
  return [options !== '' && name === '' ? 'undefined' : name, options].filter((text) => text !== '').join(', ')
}

/** The lines that do what is on the screen. */
export function codeOf(): string {
  const load = `import { load } from 'mobilenetv2'\n\nconst model = await load(${loadArguments()})`
  if (stream.value !== null) return `${load}\nawait model.webcam(video, ({ answers }) => show(answers))`
  const shown = picture.value
  const file = quoted(shown === null ? 'picture.jpg' : shown.example === null ? shown.name : `${shown.name}.jpg`)
  const best = result.value?.answers[0]
  const comment = best === undefined ? '' : `   // ${answerTitle(best)}, ${best.probability.toFixed(2)}`
  const heat = heated.value ? `\nconst { heat } = await model.explain(${file})   // where on the picture that was found` : ''
  return `${load}\nconst [best] = await model.classify(${file})${comment}${heat}`
}

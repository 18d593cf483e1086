import { chosenModel, models } from '../state/model.js'

/** The call that loads the model of this page in a program. `options` is an object literal, or empty. */
export function loadCode(options = ''): string {
  const choice = chosenModel.value
  const isFirst = choice === null || choice.id === models.value[0]?.id
  const source = isFirst
    ? ''
    : `'${choice.source.kind === 'files' ? (choice.source.files[0]?.file.name ?? 'model.safetensors') : choice.id}'`
  const given = options === '' ? source : `${source === '' ? 'undefined' : source}, ${options}`
  return `load(${given})`
}

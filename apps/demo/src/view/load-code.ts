import { chosenModel } from '../state/model.js'
import { firstModel } from '../state/model-choices.js'

/** What the model of this page is called in a program: an id of the zoo, or the name of a file. */
function sourceNow(): string {
  const choice = chosenModel.value
  if (choice === null) return firstModel
  return choice.source.kind === 'files' ? (choice.source.files[0]?.file.name ?? firstModel) : choice.id
}

/** The call that loads the model of this page in a program. `options` is an object literal, or empty. */
export function loadCode(options = ''): string {
  const source = sourceNow()
  if (options === '') return source === firstModel ? 'load()' : `load('${source}')`
  return `load('${source}', ${options})`
}

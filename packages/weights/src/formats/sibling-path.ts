import { CheckpointError } from '../checkpoint-error.js'

/**
 * The path of a file beside a model, as the model names it.
 * @throws CheckpointError if it is an address, or leads out of the model's folder
 */
export function siblingPath(path: string): string {
  const plain = path.replace(/^\.\//, '')
  if (/^[\w][\w .\-/]*$/.test(plain) && !plain.split('/').includes('..')) return plain
  throw new CheckpointError('The model names a file that is not beside it.', {
    expected: 'a relative path',
    got: path.slice(0, 100) || 'none',
  })
}

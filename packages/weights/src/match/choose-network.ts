import { refuseOption } from '@mobilenetv2/spec'
import type { StoredTensor } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { sameBytes } from '../same-bytes.js'
import { type NamedBody, positions } from './find-networks.js'
import type { OrderedBody } from './match-order.js'

/** Whether a prefix belongs to averaged weights: `state_dict_ema`, `model_ema.module`, `swa_model`. */
function isAveraged(prefix: string): boolean {
  return /(^|[._/])(ema|swa|avg|polyak)([._/]|$)|averag/i.test(prefix)
}

/** A network in a file: the name of its first kernel, and the prefix of all of its names. */
export interface Candidate {
  readonly prefix: string
  readonly kernel: StoredTensor
  readonly body: NamedBody | OrderedBody
}

/** Most prefixes that an error lists. */
const mostListed = 20

/** A prefix in words. */
export function shown(prefix: string): string {
  return prefix === '' ? 'the file itself' : prefix.slice(0, 100)
}

/** Most networks that are compared with the chosen one. A file has a few copies at most. */
const mostCopies = 16

/** Whether two tensors are the same, or have the same values. */
function isSame(left: StoredTensor, right: StoredTensor): boolean {
  return sameBytes(left.bytes, right.bytes)
}

/** Whether two networks are copies: the tensors that both have are the same, from the first kernel to the head. */
function areCopies(tensors: ReadonlyMap<string, StoredTensor>, left: Candidate, right: Candidate): boolean {
  const isCount = (name: string): boolean => /num_batches_tracked$/.test(name)
  if (!isSame(left.kernel, right.kernel)) return false
  if (left.prefix === '' || right.prefix === '' || left.prefix.startsWith(right.prefix) || right.prefix.startsWith(left.prefix)) {
    const [one, other] = [left.body, right.body].map((body) => positions(body).map((position) => body.tensorsOf(position).kernel))
    return one!.every((name, index) => other![index] !== undefined && isSame(tensors.get(name)!, tensors.get(other![index]!)!))
  }
  for (const [name, tensor] of tensors) {
    if (!name.startsWith(left.prefix) || isCount(name)) continue
    const other = tensors.get(`${right.prefix}${name.slice(left.prefix.length)}`)
    if (other !== undefined && !isSame(tensor, other)) return false
  }
  return true
}

/** The prefixes of some networks. */
function listed(candidates: readonly Candidate[]): string {
  const rest = candidates.length - mostListed
  const first = candidates.slice(0, mostListed).map(({ prefix }) => shown(prefix))
  return `${first.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

/**
 * Chooses a network of a file: the one with the prefix that the caller gives, else the one that is not an average of another.
 * @throws MobileNetV2Error `OPTION` if the file has no such network; CheckpointError if several are left
 */
export function chooseNetwork(
  tensors: ReadonlyMap<string, StoredTensor>,
  candidates: readonly Candidate[],
  weights: string | undefined,
): { chosen: Candidate; reasons: readonly string[] } {
  const prefixes = listed(candidates)
  const wanted =
    weights === undefined
      ? candidates.filter(({ prefix }) => !isAveraged(prefix))
      : candidates.filter(({ prefix }) =>
          weights === 'ema' ? isAveraged(prefix) : prefix === weights || prefix.startsWith(`${weights}.`),
        )
  if (weights !== undefined && wanted.length === 0)
    refuseOption('weights', weights, `the prefix of a network in the file: ${prefixes}`)
  const [chosen, ...others] = wanted.length === 0 ? candidates : wanted
  if (chosen === undefined) throw new Error('no candidate')
  if (others.length > mostCopies || others.some((other) => !areCopies(tensors, chosen, other))) {
    throw new CheckpointError('The file holds more than one network.', {
      expected: 'one, or averages beside it',
      got: prefixes,
      remedy: 'Give the option weights with one of these.',
    })
  }
  if (candidates.length === 1) {
    return {
      chosen,
      reasons: isAveraged(chosen.prefix) ? [`averaged weights ${shown(chosen.prefix)}: the file has no others`] : [],
    }
  }
  const unasked = isAveraged(chosen.prefix) ? 'averaged, as all are' : 'not averaged'
  const choice = weights === undefined ? unasked : 'as asked for'
  return { chosen, reasons: [`weights of ${shown(chosen.prefix)}: ${choice}; the file has those of ${prefixes} (option weights)`] }
}

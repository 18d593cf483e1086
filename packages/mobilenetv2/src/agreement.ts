import { preprocessRows } from '@mobilenetv2/image'
import type { Network } from '@mobilenetv2/weights'
import { topAnswers } from './answers.js'
import { openBackend } from './backends.js'
import { decodeAhead } from './decode-ahead.js'
import { type OpenedPicture, openPicture, type PictureSource } from './picture-source.js'
import { cosineSimilarity } from './similarity.js'

/** How close the answers of two networks for one picture are. */
export interface Agreement {
  /** Whether the most probable class is the same; null if there are not two classes, of which either could be it. */
  readonly isSame: boolean | null
  /** The largest difference of a class's probability; if there are no classes, 1 - the cosine between the features. */
  readonly difference: number
}

/** The outcome of one picture: how the answers agree, or the error that prevented them. */
export type AgreementOutcome = { readonly picture: PictureSource } & (Agreement | { readonly error: unknown })

function compare(network: Network, one: Float32Array, other: Float32Array): Agreement {
  const { classes, architecture } = network
  if (architecture.classes === 0) return { isSame: null, difference: 1 - cosineSimilarity(one, other) }
  const [before, after] = [one, other].map((logits) => topAnswers(logits, classes, Infinity)) as [
    ReturnType<typeof topAnswers>,
    ReturnType<typeof topAnswers>,
  ]
  const probabilities = new Map(after.map(({ index, probability }) => [index, probability]))
  const differences = before.map(({ index, probability }) => Math.abs(probability - probabilities.get(index)!))
  return { isSame: before.length < 2 ? null : before[0]!.index === after[0]!.index, difference: Math.max(...differences) }
}

/**
 * Compares a quantised network, computed in its integers, with the float32 network that it was made from, on one picture after the other.
 * A picture that cannot be read gives an outcome with `error`.
 */
export async function* agreements(
  network: Network,
  quantised: Network,
  pictures: readonly PictureSource[],
  threads: number | undefined,
): AsyncGenerator<AgreementOutcome, void, void> {
  const { architecture, parameters, preprocessing } = network
  const [floats, integers] = [await openBackend('wasm', { threads }), await openBackend('wasm', { threads, precision: 'int8' })]
  using before = await floats.compile(architecture, parameters)
  using after = await integers.compile(architecture, quantised.parameters, quantised.integers)
  const agreement = async (opening: Promise<OpenedPicture>): Promise<Agreement> => {
    const input = await preprocessRows((await opening).rows, preprocessing, architecture.input)
    const [one, other] = [await before.run(input), await after.run(input)]
    return compare(network, one.logits, other.logits)
  }
  for await (const { source, opening } of decodeAhead(pictures, openPicture)) {
    const [asked] = await Promise.allSettled([agreement(opening)])
    yield { picture: source, ...(asked.status === 'fulfilled' ? asked.value : { error: asked.reason }) }
  }
}

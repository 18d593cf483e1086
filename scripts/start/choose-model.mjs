import { defaultModel } from '../../packages/mobilenetv2/dist/read-network.js'
import { locateModelFile, prefetchModel, zooEntry } from '../../packages/zoo/dist/index.js'

/** ImageNet's model if it is at hand or can be fetched; else a model from npm's packages, and the reason. */
export async function chooseModel() {
  const { bytes } = zooEntry(defaultModel).location
  try {
    if ((await locateModelFile(defaultModel)) === null) {
      console.error(`Fetching ${defaultModel}, ${(bytes / 1e6).toFixed(1)} MB (Ctrl-C ends it all) …`)
      await prefetchModel(defaultModel, { signal: AbortSignal.timeout(60_000) })
    }
    return { id: defaultModel, lacks: null }
  } catch (error) {
    const lacks = String(error.details?.got ?? error.message)
    // Only the reason of the last place that was tried is kept.
    return { id: 'nsfw-1.4-224', lacks: lacks.replace(/^.*; /s, '').replace(/^https?:\S+: (fetch failed: )?/, '') }
  }
}

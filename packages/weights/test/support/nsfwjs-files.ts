import { MobileNetV2Model } from 'nsfwjs/models/mobilenet_v2'
import { MobileNetV2MidModel } from 'nsfwjs/models/mobilenet_v2_mid'

const models = { mobilenet_v2: MobileNetV2Model, mobilenet_v2_mid: MobileNetV2MidModel } as const

/**
 * A model inside of npm nsfwjs 4.4.0 as its files, model.json and the shards by name: the graph-model `mobilenet_v2_mid` (width 1.4) or
 * the layers-model `mobilenet_v2` (width 1, three dense layers), each of 5 classes.
 */
export async function nsfwjsFiles(
  name: keyof typeof models,
): Promise<{ model: Uint8Array; shards: ReadonlyMap<string, Uint8Array> }> {
  const { modelJson, weightBundles } = models[name]
  const shards = new Map<string, Uint8Array>()
  for (const [index, bundle] of weightBundles.entries()) {
    const base64 = (await bundle()).default
    shards.set(
      `group1-shard${index + 1}of${weightBundles.length}`,
      Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)),
    )
  }
  return { model: new TextEncoder().encode(JSON.stringify((await modelJson()).default)), shards }
}

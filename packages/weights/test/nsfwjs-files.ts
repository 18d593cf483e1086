import { MobileNetV2MidModel } from 'nsfwjs/models/mobilenet_v2_mid'

/** The graph-model inside of npm nsfwjs 4.4.0 (width 1.4, 5 classes) as its files: model.json, and the shards by name. */
export async function nsfwjsFiles(): Promise<{ model: Uint8Array; shards: ReadonlyMap<string, Uint8Array> }> {
  const { modelJson, weightBundles } = MobileNetV2MidModel
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

import type { LayerId } from '@mobilenetv2/spec'

/** The lines that make the maps, the heat map and the times of this part. */
export const codeOf = (layer: LayerId): string => `import { load } from 'mobilenetv2'

const model = await load()
const { values, height, width, channels } = await model.activation('cat.jpg', '${layer}')
const { answer, heat, overlay } = await model.explain('cat.jpg')
for (const { layers, milliseconds } of await model.profile()) console.log(layers.join(' + '), milliseconds)`

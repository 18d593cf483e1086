export { type DefaultModel, defaultModel } from './default-model.js'
export { isZooId, type ModelLocation, type ZooEntry, type ZooId, zooEntries } from './entries.js'
export { imagenetLabels, type LabelSet } from './labels/labels.js'
export { type OpenedZooModel, openZooModel } from './open-zoo-model.js'

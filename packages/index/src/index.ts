export { describeModel, type EmbeddingNetwork, type IndexModel } from './index-model.js'
export { createIndex, type Match, type NearestOptions, openIndex, type PictureIndex } from './picture-index.js'
export type { EmbeddedRow, FileState, PictureRow, UnreadableRow } from './picture-row.js'

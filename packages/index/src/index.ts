export type { DuplicateGroup, DuplicatesOptions, Pair } from './duplicates.js'
export type { Filter } from './filter.js'
export { describeModel, type EmbeddingNetwork, type IndexModel } from './index-model.js'
export type { Listed, Match, NearestOptions } from './nearest.js'
export { createIndex, openIndex, type PictureIndex, type StoredFile } from './picture-index.js'
export type { EmbeddedRow, FileState, PictureRow, UnreadableRow } from './picture-row.js'
export {
  type EmbeddedPicture,
  type Failure,
  type PictureToEmbed,
  planUpdate,
  type ToRead,
  type UpdateOptions,
  type UpdatePlan,
  type UpdateReport,
  updateIndex,
} from './update.js'

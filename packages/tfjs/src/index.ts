export type { TfjsModel } from './compiled-model.js'
export { type TfjsBackend, tfjs } from './tfjs.js'

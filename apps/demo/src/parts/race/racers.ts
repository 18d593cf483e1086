import type { BackendId } from '../../engine/backends.js'

/** What can race: the backends, and one library that is no backend of this site. */
export type RacerId = BackendId | 'onnxruntime-web'

/** The library that races only when it is asked for, because its engine is a large download. */
export const peer = { id: 'onnxruntime-web', title: 'ONNX Runtime Web, 1 thread' } as const

import { dli14Namings } from './d-li14.js'
import { huggingfaceNamings } from './huggingface.js'
import { kerasNamings } from './keras.js'
import type { Naming } from './naming.js'
import { noteNaming } from './note.js'
import { slimNamings } from './slim.js'
import { timmNaming } from './timm.js'
import { torchvisionNamings } from './torchvision.js'

/** The namings of other codebases. `matchOwn` knows this project's own names. */
export const namings: readonly Naming[] = [
  noteNaming,
  ...torchvisionNamings,
  timmNaming,
  ...huggingfaceNamings,
  ...dli14Namings,
  ...kerasNamings,
  ...slimNamings,
]

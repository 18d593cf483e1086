import { dli14Naming } from './d-li14.js'
import { huggingfaceNaming } from './huggingface.js'
import { kerasNamings } from './keras.js'
import { mobilenetv2Naming } from './mobilenetv2.js'
import type { Naming } from './naming.js'
import { noteNaming } from './note.js'
import { slimNaming } from './slim.js'
import { timmNaming } from './timm.js'
import { torchvisionNaming } from './torchvision.js'

/** How every codebase that this project knows names its layers. */
export const namings: readonly Naming[] = [
  noteNaming,
  torchvisionNaming,
  timmNaming,
  huggingfaceNaming,
  dli14Naming,
  mobilenetv2Naming,
  ...kerasNamings,
  slimNaming,
]

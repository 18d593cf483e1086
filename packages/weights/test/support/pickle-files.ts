import { unzipSync } from 'fflate'
import { goldenBytes } from './goldens.js'

/** The files in `pickles.zip`, which the script beside it made, by name. */
export function pickleFiles(): ReadonlyMap<string, Uint8Array> {
  return new Map(Object.entries(unzipSync(goldenBytes('pickles.zip'))))
}

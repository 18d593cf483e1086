import type { PictureIndex } from '@mobilenetv2/index'
import { type ChosenNetwork, readChosenNetwork } from './chosen-model.js'
import { checkIndexFlags } from './index-flags.js'
import { importIndex } from './index-package.js'
import type { JobFlags } from './jobs.js'

/** An open index, and the network with which it was made. */
interface OpenIndex {
  readonly index: PictureIndex
  readonly chosen: ChosenNetwork
}

/**
 * Opens an existing index, and reads its network: the one that the flags name, else the one that the index names.
 * @throws MobileNetV2Error `OPTION` if the index was made with another network; as `openIndex` and `load`
 */
export async function openIndexFor(place: string, flags: JobFlags): Promise<OpenIndex> {
  await checkIndexFlags(flags)
  const { openIndex } = await importIndex()
  const index = await openIndex(place)
  try {
    const chosen = await readChosenNetwork({ ...flags, model: flags.model ?? index.model.file })
    index.check(chosen.network)
    return { index, chosen }
  } catch (error) {
    index.close()
    throw error
  }
}

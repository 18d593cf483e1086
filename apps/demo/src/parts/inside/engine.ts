import type { LayerId, LayerTime } from '@mobilenetv2/spec'
import type { LayerActivation } from 'mobilenetv2'
import { askAbout, type EnginePicture, opened } from '../../engine/current.js'

/** What this part asks of the engine. */
export const operations = {
  profile: (): Promise<readonly LayerTime[]> => opened().profile(),

  activation: (picture: EnginePicture, layer: LayerId): Promise<LayerActivation> =>
    askAbout(picture, (model) => model.activation(picture, layer)),
}

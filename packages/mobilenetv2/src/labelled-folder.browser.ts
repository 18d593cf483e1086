import { type Global, MobileNetV2Error } from '@mobilenetv2/spec'
import type { OpenedPictures } from './labelled-pictures.js'

/** @throws MobileNetV2Error `SOURCE`, always: a browser cannot list a folder */
export async function openLabelledFolder(
  folder: string,
  _labelFile?: string,
  _signal?: Global<'AbortSignal'>,
): Promise<OpenedPictures> {
  throw new MobileNetV2Error('SOURCE', 'A browser cannot list a folder.', {
    where: folder,
    remedy: 'Give the pictures of each label: { cat: [file, …], dog: [file, …] }.',
  })
}

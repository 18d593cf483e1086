import type { ZooEntry } from '../entry.js'
import { shorterSide } from './geometries.js'

export type TorchvisionId = 'torchvision-v1' | 'torchvision-v2'

function entry(
  id: TorchvisionId,
  digits: string,
  [top1, top5]: readonly [number, number],
  recipe: Pick<ZooEntry, 'preprocessing' | 'note'>,
): ZooEntry {
  const name = `mobilenet_v2-${digits}.pth`
  return {
    id,
    publisher: 'torchvision',
    location: { kind: 'file', name, urls: [`https://download.pytorch.org/models/${name}`], bytes: null, sha256: digits },
    licence: 'BSD-3-Clause',
    options: {},
    naming: 'torchvision',
    weights: 'float32',
    labels: 'imagenet',
    published: { top1, top5 },
    measured: null,
    ...recipe,
  }
}

/**
 * `MobileNet_V2_Weights` of torchvision/models/mobilenetv2.py. A file's name ends in the first 8 digits of its SHA-256, which torch.hub
 * checks. The file of `torchvision-v1` has the format that PyTorch wrote before version 1.6: a pickle that is not in a zip.
 */
export const torchvisionEntries: readonly ZooEntry[] = [
  entry('torchvision-v2', '7ebf99e0', [72.154, 90.822], { note: 'IMAGENET1K_V2', preprocessing: shorterSide(232) }),
  entry('torchvision-v1', 'b0353104', [71.878, 90.286], { note: 'IMAGENET1K_V1' }),
]

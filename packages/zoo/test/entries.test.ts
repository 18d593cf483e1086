import { describe, expect, it } from 'vitest'
import { isZooId, openZooModel, type ZooEntry, type ZooId, zooCosts, zooEntries, zooEntry, zooTitle } from '../src/index.js'

describe('entries', () => {
  it('have ids of their own, and files of their own', () => {
    expect(new Set(zooEntries.map(({ id }) => id)).size).toBe(zooEntries.length)
    const names = zooEntries.flatMap(({ location }) => (location.kind === 'file' ? [location.name] : []))
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[\w.-]+\.(tflite|pth|safetensors|h5|onnx)$/)
  })

  it('are found by their ids, and no others', async () => {
    expect(zooEntries.every(({ id }) => isZooId(id) && zooEntry(id).id === id)).toBe(true)
    expect(isZooId('model.tflite')).toBe(false)
    await expect(openZooModel('resnet' as ZooId)).rejects.toThrow(/expected: one of imagenet-1\.0-224, [\s\S]*got: "resnet"/)
  })

  it('have secure addresses, hashes of up to 64 digits and accuracies in percent', () => {
    for (const { location, published, measured } of zooEntries) {
      if (location.kind !== 'file') continue
      for (const url of location.urls) expect(new URL(url).protocol).toBe('https:')
      expect(location.sha256 ?? '').toMatch(/^([0-9a-f]{8}|[0-9a-f]{64})?$/)
      for (const accuracy of [published, measured]) {
        if (accuracy === null) continue
        expect(accuracy.top1).toBeGreaterThan(30)
        expect(accuracy.top5 ?? 100).toBeGreaterThan(accuracy.top1)
        expect(accuracy.top5 ?? 100).toBeLessThanOrEqual(100)
      }
    }
  })

  it('are titled by what they are', () => {
    expect(zooTitle(zooEntry('hf-0.35-96'))).toBe(
      "MobileNetV2 0.35, 96 x 96, ImageNet's 1000 classes, float32 (Google on Hugging Face)",
    )
    expect(zooTitle(zooEntry('torchvision-v2'))).toBe(
      "MobileNetV2 1.0, 224 x 224, ImageNet's 1000 classes, float32 (torchvision: IMAGENET1K_V2)",
    )
  })

  it.each([
    ['torchvision-v1', 'https://download.pytorch.org/models/mobilenet_v2-b0353104.pth'],
    ['timm-110d', 'https://huggingface.co/timm/mobilenetv2_110d.ra_in1k/resolve/main/model.safetensors'],
    ['hf-1.4-224', 'https://huggingface.co/google/mobilenet_v2_1.4_224/resolve/main/model.safetensors'],
    [
      'keras-0.5-128',
      'https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.5_128.h5',
    ],
    ['imagenet-1.0-224', 'https://raw.githubusercontent.com/google-coral/test_data/master/tf2_mobilenet_v2_1.0_224_ptq.tflite'],
  ] satisfies [ZooId, string][])('of %s has the address that its publisher names', (id, url) => {
    expect(zooEntry(id).location).toMatchObject({ urls: [url] })
  })
})

/** The costs that publishers state: millions of parameters and of multiply-adds. */
const published: readonly [publisher: string, id: ZooId, parameters: number, multiplyAdds: number][] = [
  // torchvision/models/mobilenetv2.py: num_params 3504872, _ops 0.301
  ['torchvision', 'torchvision-v1', 3.504872, 301],
  ['torchvision', 'torchvision-v2', 3.504872, 301],
  // README.md of d-li14/mobilenetv2.pytorch
  ['d-li14', 'd-li14-1.0-224', 3.504, 300.79],
  ['d-li14', 'd-li14-1.0-192', 3.504, 221.33],
  ['d-li14', 'd-li14-1.0-160', 3.504, 154.1],
  ['d-li14', 'd-li14-1.0-128', 3.504, 99.09],
  ['d-li14', 'd-li14-1.0-96', 3.504, 56.31],
  ['d-li14', 'd-li14-0.75-224', 2.636, 209.08],
  ['d-li14', 'd-li14-0.5-224', 1.968, 97.14],
  ['d-li14', 'd-li14-0.35-224', 1.677, 59.29],
  ['d-li14', 'd-li14-0.25-224', 1.519, 37.21],
  ['d-li14', 'd-li14-0.1-224', 1.356, 12.92],
  // docs of timm: "Parameters: 5830000, FLOPs: 888510048" are counted otherwise; its model card says 0.6 for 140
  ['timm', 'timm-120d', 5.83, 669],
  ['timm', 'timm-140', 6.11, 582],
  // research/slim/nets/mobilenet/README.md counts the background class, and a little less of the head
  ['slim', 'hf-1.4-224', 6.06, 582],
  ['slim', 'hf-1.0-224', 3.47, 300],
  ['slim', 'hf-0.75-160', 2.61, 107],
  ['slim', 'hf-0.35-96', 1.66, 11],
  ['slim', 'keras-1.3-224', 5.34, 509],
  ['slim', 'keras-0.5-192', 1.95, 71],
]

describe('costs, computed from the options', () => {
  it.each(published)('are as %s says of %s: %d M parameters, %d M multiply-adds', (_, id, parameters, multiplyAdds) => {
    const costs = zooCosts(zooEntry(id))
    expect(Math.abs(costs.parameters / 1e6 / parameters - 1)).toBeLessThan(0.015)
    expect(Math.abs(costs.multiplyAdds / 1e6 - multiplyAdds)).toBeLessThan(1)
  })

  /** Megabytes as hosts show them; torchvision's are of 1024 * 1024 bytes (`_file_size`). */
  it.each([
    ['torchvision-v1', 13.555 * 1.048576],
    ['torchvision-v2', 13.598 * 1.048576],
    ['timm-110d', 18.3],
    ['timm-100', 14.2],
    ['imagenet-1.0-224', 4.070174],
    ['imagenet-1.0-224-qat', 3.610798],
    ['inat-bird-1.0-224', 3.5795],
  ] satisfies [ZooId, number][])('leave little of the file of %s to its container: %d MB', (id, megabytes) => {
    const entry: ZooEntry = zooEntry(id)
    const { weightBytes } = zooCosts(entry)
    // Scales, zero points and metadata take more of a quantised file.
    const most = entry.weights === 'float32' ? 1.01 : 1.17
    expect(megabytes * 1e6 + 50_000).toBeGreaterThan(weightBytes)
    expect(megabytes * 1e6).toBeLessThan(weightBytes * most)
  })
})

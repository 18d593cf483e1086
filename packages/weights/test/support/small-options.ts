import type { MobileNetV2Options } from '@mobilenetv2/spec'

/** A stem, a block without and one with an expansion and a residual, and a head: a picture takes ten thousand products. */
export const smallest: MobileNetV2Options = {
  table: [
    [1, 4, 1, 1],
    [2, 4, 1, 1],
  ],
  stemChannels: 8,
  headChannels: 8,
  classes: 3,
  height: 8,
  width: 8,
}

/** The same with a stride in its second block, and of the usual size, because a state dict states no size. */
export const smallStateDict: MobileNetV2Options = {
  table: [
    [1, 4, 1, 1],
    [2, 4, 1, 2],
  ],
  stemChannels: 8,
  headChannels: 8,
  classes: 3,
}

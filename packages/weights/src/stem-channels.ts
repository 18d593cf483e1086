import { CheckpointError } from './checkpoint-error.js'

/** The weights of red, green and blue in grey, as in ITU-R BT.601 and in Pillow's mode L. */
export const greyWeights = [0.299, 0.587, 0.114] as const

/** The reason for a network whose input has one channel. */
export const greyReason: string = `pictures turned to grey by ${greyWeights[0]} red + ${greyWeights[1]} green + ${greyWeights[2]} blue: the network takes one channel`

/**
 * Checks the number of input channels of the first convolution.
 * @throws CheckpointError unless there are 1 or 3
 */
export function checkStemChannels(channels: number, tensor: string): void {
  if (channels === 1 || channels === 3) return
  throw new CheckpointError('The first convolution does not take pictures of one or three channels.', {
    tensor,
    expected: '3 channels (red, green, blue), or 1 (grey)',
    got: `${channels} channels`,
    remedy: 'A picture has no other channels to give to the network.',
  })
}

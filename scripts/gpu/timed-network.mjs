/** Width multiplier and size of the network that is timed: the standard one on a graphics card. */
export function timedNetwork({ software, quick }) {
  if (quick) return [0.35, 64]
  return software ? [1, 128] : [1, 224]
}

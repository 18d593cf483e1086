/** The confidence of an answer, and whether the answer is right. */
export interface Judged {
  /** The probability of the answer, 0 to 1. */
  readonly confidence: number
  readonly isRight: boolean
}

/** The answers whose confidence lies in one interval: above `from` and up to `to`. A confidence of 0 lies in the first interval. */
export interface CalibrationBin {
  /** 0 to 1. */
  readonly from: number
  /** 0 to 1. */
  readonly to: number
  /** The number of these answers. */
  readonly pictures: number
  /** Mean confidence of these answers, 0 to 1; null if there are none. */
  readonly confidence: number | null
  /** The share of these answers that are right, 0 to 1; null if there are none. */
  readonly accuracy: number | null
}

const binCount = 15

/** The 15 intervals of equal width from 0 to 1, and the answers in them (Guo et al., arXiv 1706.04599, section 2). */
export function calibrationBins(answers: readonly Judged[]): CalibrationBin[] {
  const sums = Array.from({ length: binCount }, () => ({ pictures: 0, confidence: 0, right: 0 }))
  for (const { confidence, isRight } of answers) {
    const bin = sums[Math.min(binCount - 1, Math.max(0, Math.ceil(confidence * binCount) - 1))]!
    bin.pictures += 1
    bin.confidence += confidence
    bin.right += isRight ? 1 : 0
  }
  return sums.map(({ pictures, confidence, right }, index) => ({
    from: index / binCount,
    to: (index + 1) / binCount,
    pictures,
    confidence: pictures === 0 ? null : confidence / pictures,
    accuracy: pictures === 0 ? null : right / pictures,
  }))
}

/**
 * The expected calibration error, 0 to 1: the mean difference between confidence and accuracy in the intervals, weighted by their number of
 * pictures (Guo et al., arXiv 1706.04599, equation 3).
 */
export function calibrationError(bins: readonly CalibrationBin[]): number {
  const pictures = bins.reduce((sum, bin) => sum + bin.pictures, 0)
  const apart = bins.reduce((sum, bin) => sum + bin.pictures * Math.abs((bin.accuracy ?? 0) - (bin.confidence ?? 0)), 0)
  return pictures === 0 ? 0 : apart / pictures
}

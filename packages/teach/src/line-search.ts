/** A convex function of one number, at some place. */
export interface OnLine {
  readonly slope: number
  readonly curvature: number
}

/** Places that are looked at, at most. */
const mostTrials = 20

/**
 * Looks for the minimum of a convex function that falls at 0, by Newton's method between the places that are known to be too low and too
 * high. The place where it ends is the last that `at` was asked about.
 * @param start where it looks first
 * @param flat how small a slope is a minimum's
 */
export async function searchLine(at: (place: number) => Promise<OnLine>, start: number, flat: number): Promise<number> {
  let [place, low, high] = [start, 0, Infinity]
  for (let trial = 1; ; trial++) {
    const { slope, curvature } = await at(place)
    if (Math.abs(slope) <= flat || trial === mostTrials) return place
    if (slope < 0) low = place
    else high = place
    const next = place - slope / curvature
    place = next > low && next < high ? next : high === Infinity ? 2 * place + 1 : (low + high) / 2
  }
}

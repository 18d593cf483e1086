/** The first and second derivative of a convex function at some place. */
export interface OnLine {
  readonly slope: number
  readonly curvature: number
}

/** Most places that are tried. */
const mostTrials = 20

/**
 * Searches the minimum of a convex function whose slope at 0 is negative, by Newton's method, bounded by the places that are known to be
 * too low and too high. The place that it gives is the one for which `at` was called last.
 * @param start the first place
 * @param flat the slope at which the search ends
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

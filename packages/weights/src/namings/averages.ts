/** What TF-slim's training loop calls the mean of a variable over its last steps, which its authors evaluate. */
const average = '/ExponentialMovingAverage'

/** Each name's tensor: its moving average where the file has one beside it, else itself. */
export function preferAverages(names: readonly string[]): ReadonlyMap<string, string> {
  const preferred = new Map(names.filter((name) => !name.endsWith(average)).map((name) => [name, name]))
  for (const name of names) if (name.endsWith(average)) preferred.set(name.slice(0, -average.length), name)
  return preferred
}

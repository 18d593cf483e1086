/** TF-slim's suffix for the exponential moving average of a variable. Its authors evaluate with the averages. */
const average = '/ExponentialMovingAverage'

/** For each name the tensor to read: its moving average if the file has one, else the tensor itself. */
export function preferAverages(names: readonly string[]): ReadonlyMap<string, string> {
  const preferred = new Map(names.filter((name) => !name.endsWith(average)).map((name) => [name, name]))
  for (const name of names) if (name.endsWith(average)) preferred.set(name.slice(0, -average.length), name)
  return preferred
}

import { CheckpointError } from '../checkpoint-error.js'

/**
 * Refuses JSON in which one object has a name twice: `JSON.parse` keeps the last of them in silence, other readers the first.
 * @param text what `JSON.parse` takes
 * @throws CheckpointError at the first name that is there twice
 */
export function refuseDuplicateNames(text: string): void {
  /** The names of each object that is open; null for an array. */
  const open: (Set<string> | null)[] = []
  const token = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const [whole, colon] = found
    if (whole === '{') open.push(new Set())
    else if (whole === '[') open.push(null)
    else if (whole === '}' || whole === ']') open.pop()
    else if (colon !== undefined) {
      const name: unknown = JSON.parse(whole.slice(0, -colon.length))
      const names = open.at(-1)
      if (typeof name !== 'string' || names === null || names === undefined) continue
      if (names.has(name)) throw new CheckpointError('Two entries of the header have one name.', { tensor: name.slice(0, 200) })
      names.add(name)
    }
  }
}

import { it } from 'vitest'

/** Something that not every backend can do. */
export type Capability = 'abort' | 'memory' | 'profile'

/** Each capability that a backend lacks, with the reason why. */
export type MissingCapabilities = Readonly<Partial<Record<Capability, string>>>

/** Defines a test that needs a capability. If the capability is missing, the test is listed as skipped, with the reason in its title. */
export function needs(capability: Capability, missing: MissingCapabilities): (title: string, test: () => Promise<void>) => void {
  const reason = missing[capability]
  if (reason === undefined) return (title, test) => it(title, test)
  return (title, test) => it.skip(`${title} (left out, no ${capability}: ${reason})`, test)
}

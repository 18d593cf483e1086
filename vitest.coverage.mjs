/**
 * What `npm run test:coverage` measures in a package: its sources, by the tests in Node. Below one of the floors it fails.
 * @param {{ lines: number, branches: number }} floors in %
 */
export const coverage = (floors) => ({ include: ['src/**'], reporter: ['text-summary'], thresholds: floors })

/**
 * What a package's tests must reach of its sources. It is measured where `MOBILENETV2_COVERAGE` is set, as in `.ci/run`, and the tests fail
 * below a floor.
 * @param {{ lines: number, branches: number }} floors in %
 */
export const coverage = (floors) => ({
  enabled: process.env.MOBILENETV2_COVERAGE === 'true',
  include: ['src/**'],
  reporter: ['text-summary'],
  thresholds: floors,
})

/** The paths of the bench's local server. */
export const bundlesPath = '/bundles/'
export const filesPath = '/files/'
/** It is followed by the name of a contender and the file's path. */
export const peersPath = '/peers/'
/** A page without remote control asks for its next call at the first path, and reports its progress at the second. */
export const remotePath = '/remote'
export const reportPath = '/report'

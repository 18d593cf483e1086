/** The paths under which the bench's own server answers. */
export const bundlesPath = '/bundles/'
export const filesPath = '/files/'
/** Behind it stands the name of a contender, then the file. */
export const peersPath = '/peers/'
/** Where a page that nothing drives asks for its next call, and where it says what it does. */
export const remotePath = '/remote'
export const reportPath = '/report'

/** The paths under which the bench's own server answers. */
export const bundlesPath = '/bundles/'
export const filesPath = '/files/'
export const peersPath = '/peers/'

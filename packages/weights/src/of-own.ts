// What files that this project wrote need. This file is imported lazily, and one import brings all of it: a page's first answer waits for each
// request.

export { readSafetensors } from './formats/safetensors.js'
export { matchOwn } from './match/match-own.js'

// The code for files that this project wrote. This file is imported lazily, and one import brings all of it, because each request delays a
// page's first answer.

export { readSafetensors } from './formats/safetensors.js'
export { matchOwn } from './match/match-own.js'

// What files that this project did not write need: their formats are told apart, their layers are matched, their tensors are folded, and much
// is to be found out about them. This file is imported lazily, because this project's own files state everything.

export { sizeOf } from './checkpoint-size.js'
export { describeFile } from './facts/described-facts.js'
export { inputRanges } from './facts/input-range.js'
export { foldInput, foldOutput, sumChannels, weighGrey } from './fold.js'
export { readAnyFormat } from './formats/formats.js'
export { matchOther } from './match/match-other.js'
export { impossibleNetwork, impossibleRecipe, noRecipe } from './network-errors.js'

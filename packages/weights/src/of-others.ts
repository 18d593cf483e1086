// The code for files that this project did not write: their formats are recognised, their layers are matched, their tensors are folded, and
// facts about them are collected. This file is imported lazily, because files that this project wrote state everything.

export { sizeOf } from './checkpoint-size.js'
export { describeFile } from './facts/described-facts.js'
export { inputRanges } from './facts/input-range.js'
export { foldInput, foldOutput, sumChannels, weighGrey } from './fold.js'
export { readAnyFormat } from './formats/formats.js'
export { matchOther } from './match/match-other.js'
export { impossibleNetwork, impossibleRecipe, noRecipe } from './network-errors.js'

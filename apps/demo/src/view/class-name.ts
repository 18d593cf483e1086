import type { Answer } from 'mobilenetv2'
import { opened } from '../state/model.js'

/** ImageNet's classes have all their names in WordNet, with commas between; a class of a visitor's may have a comma of its own. */
const hasSynonyms = (labels: readonly string[]): boolean => labels.length >= 1000

/** What a class is called on the screen: its first name, without the synonyms. */
export function classTitle(label: string, labels: readonly string[] = opened.value?.network.classes.labels ?? []): string {
  return hasSynonyms(labels) ? label.split(', ', 1)[0]! : label
}

/** What an answer is called on the screen. */
export const answerTitle = ({ label }: Answer): string => classTitle(label)

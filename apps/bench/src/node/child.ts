import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Contender } from '../contender.js'
import type { Survey } from '../jobs.js'
import { highestMemory } from '../memory.js'
import { messageOf } from '../message.js'
import { factsOf } from '../registry.js'
import { measureScaling } from '../scaling.js'
import { coldStart, openTask, type Place, paired, survey } from '../work.js'
import type { Question, Questions, Reply } from './messages.js'

function placeIn(folder: string): Place {
  return {
    folder,
    peersOf: () => null,
    async importContender(name) {
      const { module, nodeModule = module } = factsOf(name)
      const { contender } = (await import(`../contenders/${nodeModule}.js`)) as { contender: Contender }
      return contender
    },
    async readFile(path) {
      return new Uint8Array(await readFile(join(folder, path)))
    },
  }
}

/** Surveys a contender, and says by how much the process's highest resident memory grew. */
async function surveyWithMemory(place: Place, opened: Awaited<ReturnType<typeof openTask>>): Promise<Survey> {
  const before = await highestMemory(process.pid)
  const { device } = await survey(place, opened)
  const after = await highestMemory(process.pid)
  return { device, peakMemoryBytes: before === null || after === null ? null : after - before }
}

async function answer(question: Question, progress: (text: string) => void): Promise<Questions[keyof Questions]['answer']> {
  const place = placeIn(question.folder)
  switch (question.kind) {
    case 'survey':
      return surveyWithMemory(place, await openTask(place, question.ask))
    case 'coldStart':
      // The survey before has read the library's own files: they are in the operating system's cache.
      return coldStart(place, await openTask(place, question.ask))
    case 'paired':
      return paired(place, question.ask, progress)
    case 'scaling':
      return measureScaling(question.ask, progress)
    default:
      throw new Error(`unknown question ${question satisfies never}`)
  }
}

function send(reply: Reply): Promise<void> {
  return new Promise((resolve) => process.send?.(reply, () => resolve()))
}

process.once('disconnect', () => process.exit())
process.once('message', async (question: Question) => {
  try {
    await send({ kind: 'answer', answer: await answer(question, (text) => void send({ kind: 'progress', text })) })
  } catch (error) {
    await send({ kind: 'error', message: messageOf(error) })
  }
  process.exit()
})

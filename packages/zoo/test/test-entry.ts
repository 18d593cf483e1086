import { createHash } from 'node:crypto'
import type { Patience } from '../src/download/patience.js'
import type { FileEntry, FileLocation } from '../src/entry.js'

/** The file of the servers of these tests: 300,000 bytes. */
export const content: Buffer = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * index) >> 7))

export const hash: string = createHash('sha256').update(content).digest('hex')

/** Far shorter times than usual, but long enough for a busy machine. */
export const shortPatience: Patience = {
  attempts: 3,
  firstWait: 5,
  longestWait: 50,
  longestAskedWait: 2000,
  longestStall: 1100,
}

/** An entry whose file is `content` at these addresses. */
export function testEntry(urls: readonly string[], location: Partial<FileLocation> = {}): FileEntry {
  return {
    id: 'torchvision-v1',
    publisher: 'nobody',
    location: { kind: 'file', name: 'model.bin', urls, bytes: null, sha256: hash, ...location },
    licence: 'MIT',
    options: { widthMultiplier: 0.1 },
    naming: 'torchvision',
    weights: 'float32',
    labels: 'imagenet',
    published: null,
    measured: null,
  }
}

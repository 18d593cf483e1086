import type { CheckpointContent } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import type { Budget } from '../budget.js'
import { readZip, type ZipEntry } from './read.js'

type Entries = ReadonlyMap<string, ZipEntry>

/** A format whose files are zips, which is recognised by their entries. */
interface ArchiveFormat {
  /** The entries of such a zip, for the error if no format matches; null if the format is recognised only to be refused. */
  readonly holds: string | null
  matches(names: readonly string[]): boolean
  read(entries: Entries, budget: Budget): Promise<CheckpointContent>
}

const archiveFormats: readonly ArchiveFormat[] = [
  {
    holds: null,
    matches: (names) => names.some((name) => /(?:^|\/)\.data\/(?:extern_modules|version)$/.test(name)),
    read: async () => (await import('../pytorch/refusals.js')).refusePackage(),
  },
  {
    holds: null,
    matches: (names) => names.some((name) => /(?:^|\/)(?:archive_format|serialized_exported_program\.json)$/.test(name)),
    read: async () => (await import('../pytorch/refusals.js')).refuseExport(),
  },
  {
    holds: 'data.pkl and constants.pkl (TorchScript)',
    matches: (names) =>
      ['data.pkl', 'constants.pkl'].every((end) => names.some((name) => name === end || name.endsWith(`/${end}`))),
    read: async (entries, budget) => (await import('../pytorch/read.js')).readTorchScript(entries, budget),
  },
  {
    holds: 'data.pkl (PyTorch)',
    matches: (names) => names.some((name) => /^(?:.*\/)?data\.pkl$/.test(name)),
    read: async (entries, budget) => (await import('../pytorch/read.js')).readPytorchZip(entries, budget),
  },
  {
    holds: 'config.json and model.weights.h5 (Keras)',
    matches: (names) => names.includes('config.json') && names.includes('model.weights.h5'),
    read: async (entries, budget) => (await import('../keras/archive.js')).readKerasArchive(entries, budget),
  },
  {
    holds: 'of arrays, *.npy (NumPy)',
    matches: (names) => names.some((name) => name.endsWith('.npy')),
    read: async (entries, budget) => (await import('../numpy/npz.js')).readNpz(entries, budget),
  },
]

/**
 * Reads a checkpoint that is a zip.
 * @throws CheckpointError if the zip is damaged, or its content is not known
 */
export async function readZipArchive(bytes: Uint8Array, budget: Budget): Promise<CheckpointContent> {
  const entries = readZip(bytes, budget)
  const names = [...entries.keys()]
  const format = archiveFormats.find(({ matches }) => matches(names))
  if (format === undefined) {
    throw new CheckpointError('The zip holds no checkpoint.', {
      expected: `an entry ${archiveFormats.flatMap(({ holds }) => holds ?? []).join(', or ')}`,
      got: names.slice(0, 3).join(', ') || 'no entries',
    })
  }
  return format.read(entries, budget)
}

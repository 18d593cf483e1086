import { MobileNetV2Error } from '@mobilenetv2/spec'

type IndexPackage = typeof import('@mobilenetv2/index')

/**
 * The optional package `@mobilenetv2/index`.
 * @throws MobileNetV2Error `BACKEND` if it is not installed
 */
export async function importIndex(): Promise<IndexPackage> {
  // LanceDB warns about things that no user of this program can change.
  process.env.LANCEDB_LOG ??= 'error'
  return import('@mobilenetv2/index').catch((cause: unknown) => {
    const [got] = String(cause instanceof Error ? cause.message : cause).split('\n')
    throw new MobileNetV2Error('BACKEND', 'An index of pictures needs a package that is not installed.', {
      expected: 'the packages @mobilenetv2/index and @lancedb/lancedb',
      got,
      remedy: 'npm install @mobilenetv2/index @lancedb/lancedb',
      cause,
    })
  })
}

import { dirname, resolve } from 'node:path'
import { MobileNetV2Error } from '@mobilenetv2/spec'

/** Where a table is: the folder of tables, and the table's name in it. */
export interface Place {
  readonly folder: string
  readonly name: string
}

const ending = '.lance'

/**
 * Reads the path or the address of an index. LanceDB keeps the table `photos` of a folder in its folder `photos.lance`.
 * @throws MobileNetV2Error `OPTION` if it does not end in `.lance`
 */
export function parsePlace(place: string): Place {
  const path = place.replace(/\/+$/, '')
  const isAddress = /^[a-z][a-z0-9+]+:\/\//i.test(path)
  const whole = isAddress ? path : resolve(path)
  const folder = isAddress ? whole.slice(0, whole.lastIndexOf('/')) : dirname(whole)
  const file = whole.slice(folder.length).replace(/^[/\\]/, '')
  if (!file.endsWith(ending) || file.length === ending.length) {
    throw new MobileNetV2Error('OPTION', 'This is no name of an index.', {
      where: 'the place of the index',
      expected: 'a path or an address that ends in .lance, such as photos.lance or s3://bucket/photos.lance',
      got: place,
    })
  }
  return { folder, name: file.slice(0, -ending.length) }
}

import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parsePlace } from '../src/place.js'

it('divides a path, absolute or relative, into a folder and a name', () => {
  expect(parsePlace('photos.lance')).toEqual({ folder: process.cwd(), name: 'photos' })
  expect(parsePlace('/disk/a.b.lance/')).toEqual({ folder: '/disk', name: 'a.b' })
  expect(parsePlace('kept/photos.lance')).toEqual({ folder: join(process.cwd(), 'kept'), name: 'photos' })
})

it('divides an address', () => {
  expect(parsePlace('s3://bucket/deep/photos.lance')).toEqual({ folder: 's3://bucket/deep', name: 'photos' })
})

it.each(['photos', 'photos.lance.zip', '.lance', 'folder/.lance'])('refuses %s', (place) => {
  expect(() => parsePlace(place)).toThrow(
    expect.objectContaining({ code: 'OPTION', message: expect.stringContaining('ends in .lance') }),
  )
})

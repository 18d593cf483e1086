import { expect, it } from 'vitest'
import { isOneOf, sqlOf } from '../src/filter.js'

it('asks for pictures that were read', () => {
  expect(sqlOf({})).toBe('problem IS NULL')
})

it('compares whole texts without a star, and doubles quotes', () => {
  expect(sqlOf({ label: "jack-o'-lantern" })).toBe("problem IS NULL AND label = 'jack-o''-lantern'")
})

it('takes a star for any characters, and all others as they are', () => {
  expect(sqlOf({ path: '/50%_a\\b/*.jpg' })).toBe("problem IS NULL AND path LIKE '/50\\%\\_a\\\\b/%.jpg'")
})

it('lists paths', () => {
  expect(isOneOf(['a', "it's"])).toBe("path IN ('a', 'it''s')")
})

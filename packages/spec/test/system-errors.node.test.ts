import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { isMissing, systemCode, systemError } from '../src/system-errors.js'

function thrownBy(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

it("errors of the system are said in a user's words", () => {
  const missing = thrownBy(() => readFileSync(join(tmpdir(), 'no such folder', 'file')))
  expect(systemError(missing)).toEqual({
    got: 'there is no such file or folder (ENOENT)',
    remedy: 'Check the name, and that its folder is there.',
  })
  const folder = thrownBy(() => writeFileSync(tmpdir(), ''))
  expect(systemError(folder).got).toBe('a folder has this name (EISDIR)')
})

it('other errors are said in their own words', () => {
  const cut = Object.assign(new Error('EIO: i/o error, write'), { code: 'EIO', syscall: 'write' })
  expect([systemCode(cut), systemError(cut)]).toEqual(['EIO', { got: 'EIO: i/o error, write' }])
  const own = Object.assign(new Error('a'), { code: 'SOURCE' })
  expect([systemCode(own), systemError(own)]).toEqual([undefined, { got: 'a' }])
  expect([systemCode('b'), systemError('b')]).toEqual([undefined, { got: 'b' }])
})

it('errors of another realm are understood too', () => {
  const denied = runInNewContext("Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES', syscall: 'open' })")
  expect(systemError(denied).got).toBe('this user has no permission for it (EACCES)')
  expect(isMissing(runInNewContext("Object.assign(new Error('ENOENT'), { code: 'ENOENT', syscall: 'open' })"))).toBe(true)
})

import { describe, expect, it } from 'vitest'
import { isPrivateAddress } from '../src/download/private-address.js'
import { guardRedirects } from '../src/download/redirects.node.js'

it.each([
  '127.0.0.1',
  '127.255.0.9',
  '10.1.2.3',
  '100.64.0.1',
  '169.254.169.254',
  '172.31.255.255',
  '192.168.0.1',
  '0.0.0.0',
  '255.255.255.255',
  '::',
  '::1',
  'fd00::1',
  'fe80::1',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '64:ff9b::a00:1',
])('%s is private', (address) => expect(isPrivateAddress(address)).toBe(true))

it.each([
  '8.8.8.8',
  '172.32.0.1',
  '100.128.0.1',
  '169.253.1.1',
  '2606:4700::1111',
  '::ffff:8.8.8.8',
  '64:ff9b::808:808',
  'localhost',
])('%s is not', (address) => expect(isPrivateAddress(address)).toBe(false))

describe('redirects', () => {
  const addresses: Readonly<Record<string, readonly string[]>> = {
    'public.test': ['8.8.8.8'],
    'other.test': ['2606:4700::1111'],
    'inner.test': ['10.0.0.1'],
    'both.test': ['8.8.8.8', '127.0.0.1'],
    '127.0.0.1': ['127.0.0.1'],
    '169.254.169.254': ['169.254.169.254'],
    '::1': ['::1'],
  }

  /** Follows a server that redirects along `path`. Gives the addresses that were requested and the hosts that were looked up. */
  async function follow(
    ...path: readonly string[]
  ): Promise<{ readonly asked: readonly string[]; readonly lookedUp: readonly string[] }> {
    const [asked, lookedUp]: [string[], string[]] = [[], []]
    const server: typeof fetch = async (input) => {
      asked.push(String(input))
      const next = path[asked.length]
      return next === undefined ? new Response('file') : new Response('', { status: 302, headers: { location: next } })
    }
    const guarded = guardRedirects(server, async (host) => {
      lookedUp.push(host)
      return addresses[host] ?? []
    })
    const response = await guarded(path[0]!)
    expect(await response.text()).toBe('file')
    return { asked, lookedUp }
  }

  it('are followed, and no name is looked up if there is none', async () => {
    expect(await follow('http://public.test/a')).toEqual({ asked: ['http://public.test/a'], lookedUp: [] })
    expect((await follow('http://public.test/a/b', '../c', 'https://other.test/d')).asked.at(-1)).toBe('https://other.test/d')
    expect(
      (await follow('http://127.0.0.1/', 'http://inner.test/', 'http://public.test/', 'http://other.test/')).asked.length,
    ).toBe(4)
    expect((await follow('http://public.test/', 'http://known-to-the-proxy.test/')).asked.length).toBe(2)
  })

  it.each([
    [['http://public.test/', 'http://169.254.169.254/latest/meta-data']],
    [['http://public.test/', 'http://127.1/']],
    [['http://public.test/', 'http://[::1]:8080/']],
    [['http://public.test/', 'http://inner.test/']],
    [['http://public.test/', 'http://both.test/']],
    [['http://both.test/', 'http://inner.test/']],
    [['http://public.test/', 'http://other.test/', 'http://inner.test/']],
    [['http://inner.test/', 'http://public.test/', 'http://inner.test/']],
    [['http://unknown.test/', 'http://inner.test/']],
  ])('to a private address are refused after a public one: %j', async (path) => {
    await expect(follow(...path)).rejects.toMatchObject({
      code: 'SOURCE',
      details: { got: expect.stringContaining('a private one'), remedy: expect.stringContaining('fetch') },
    })
  })

  it.each(['file:///etc/passwd', 'data:,x', 'ftp://public.test/', 'http://', 'http://[bad/'])(
    'to %s are refused',
    async (target) => {
      await expect(follow('http://127.0.0.1/', target)).rejects.toMatchObject({ code: 'SOURCE' })
    },
  )

  it('whose names are never found end with the signal', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const server: typeof fetch = async () => new Response('', { status: 302, headers: { location: 'http://other.test/' } })
    const guarded = guardRedirects(server, () => {
      setImmediate(() => controller.abort(reason))
      return new Promise(() => {})
    })
    await expect(guarded('http://public.test/', { signal: controller.signal })).rejects.toBe(reason)
  })

  it('end at the twentieth', async () => {
    const circle = Array.from({ length: 21 }, () => 'http://127.0.0.1/')
    expect((await follow(...circle)).asked.length).toBe(21)
    await expect(follow(...circle, 'http://127.0.0.1/')).rejects.toMatchObject({
      details: { got: expect.stringContaining('after 20 others') },
    })
  })
})

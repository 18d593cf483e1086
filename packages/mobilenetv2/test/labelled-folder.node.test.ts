import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openLabelledPictures } from '../src/labelled-pictures.js'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mobilenetv2-labelled-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

/** Makes files. A picture is not opened, so its content does not matter. */
async function make(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}

const empty = (...names: string[]) => Object.fromEntries(names.map((name) => [name, '']))

async function open(labelFile?: string) {
  const { pictures, leftOut } = await openLabelledPictures(folder, labelFile)
  return {
    pictures: pictures.map(({ picture, label }) => `${relative(folder, picture as string)} ${label}`),
    leftOut: leftOut.map((sentence) => sentence.replaceAll(folder, '.')),
  }
}

describe('class folders', () => {
  it('give their pictures, those of their folders too, without what is hidden or no picture', async () => {
    await make(
      empty(
        'dog/b.PNG',
        'dog/a.jpeg',
        'dog/deep/er/c.webp',
        'cat/1.jpg',
        'cat/2.HEIC',
        'cat/list',
        'cat/.2.jpg',
        '.git/x.jpg',
        'cat/notes.txt',
        'list.xml',
      ),
    )
    expect(await open()).toEqual({
      pictures: ['cat/1.jpg cat', 'dog/a.jpeg dog', 'dog/b.PNG dog', 'dog/deep/er/c.webp dog'],
      leftOut: ["4 files are left out: their names do not end as pictures' do (.heic, .txt, .xml, no ending)."],
    })
  })

  it('may be empty or beside pictures without a class, which is said', async () => {
    await make(empty('cat/1.jpg', 'loose.jpg', 'emu/notes.txt'))
    await mkdir(join(folder, 'dog'))
    expect(await open()).toEqual({
      pictures: ['cat/1.jpg cat'],
      leftOut: [
        'The folder dog has no pictures.',
        'The folder emu has no pictures.',
        '1 picture is left out: in no folder of a class.',
        "1 file is left out: its name does not end as a picture's does (.txt).",
      ],
    })
  })

  it('may be links, and links that lead back end', async () => {
    await make(empty('real/cats/1.jpg'))
    await mkdir(join(folder, 'set'))
    await symlink(join(folder, 'real/cats'), join(folder, 'set/cat'))
    await symlink(join(folder, 'set'), join(folder, 'real/cats/back'))
    folder = join(folder, 'set')
    const { pictures, leftOut } = await open().finally(() => {
      folder = dirname(folder)
    })
    expect(pictures).toEqual(['cat/1.jpg cat'])
    expect(leftOut).toEqual([expect.stringContaining('A link leads to a folder that it lies in.')])
  })

  it('are described where there are none', async () => {
    await make(empty('1.jpg', '2.jpg', 'notes.txt'))
    await expect(open()).rejects.toMatchObject({
      code: 'INPUT',
      details: {
        where: folder,
        expected: expect.stringMatching(/^a folder for each class, as in.*; pictures end in \.jpg, \.jpeg, \.png/),
        got: '2 pictures without a class, 1 file of other kinds (.txt)',
      },
    })
    await expect(openLabelledPictures(join(folder, 'none'))).rejects.toMatchObject({ code: 'SOURCE' })
  })
})

describe('the folders of a whole data set', () => {
  it('are refused, and the largest is named', async () => {
    await make(empty('train/cat/1.jpg', 'train/cat/2.jpg', 'train/dog/1.jpg', 'test/cat/3.jpg', 'test/dog/3.jpg', 'readme.txt'))
    await expect(open()).rejects.toMatchObject({
      code: 'INPUT',
      details: {
        where: folder,
        got: 'test and train, and in each of them cat, dog',
        remedy: `Use ${join(folder, 'train')}. Give test to evaluate, or to teach as its option validation (--validation). If the folders are classes, name a label file.`,
      },
    })
  })

  it.each([
    ['one folder in each', ['cat/images/1.jpg', 'dog/images/1.jpg']],
    ['other folders in each', ['cat/tabby/1.jpg', 'cat/lynx/1.jpg', 'dog/tabby/1.jpg', 'dog/pug/1.jpg']],
    ['pictures of their own', ['cat/in/1.jpg', 'cat/out/1.jpg', 'dog/in/1.jpg', 'dog/out/1.jpg', 'dog/1.jpg']],
    ['no other class', ['cat/in/1.jpg', 'cat/out/1.jpg']],
  ])('are not meant by classes with %s', async (_, names) => {
    await make(empty(...names))
    expect((await open()).pictures.length).toBe(names.length)
  })
})

describe('the signal of a listing', () => {
  it('ends it between folders', async () => {
    await make(empty('cat/1.jpg', 'dog/1.jpg'))
    const controller = new AbortController()
    // The folder itself is listed; the signal fires before the folders in it are.
    vi.spyOn(controller.signal, 'throwIfAborted').mockImplementationOnce(() => controller.abort(new Error('enough')))
    await expect(openLabelledPictures(folder, undefined, { signal: controller.signal })).rejects.toThrow('enough')
  })
})

describe('pictures with a label file', () => {
  it.each(['labels.csv', 'labels.txt', 'val.txt'])('as %s beside them', async (name) => {
    await make({ ...empty('b.jpg', 'a.jpg', 'crops/c.jpg', 'notes.txt'), [name]: 'b.jpg,dog\ncrops/c.jpg,cat\n' })
    expect(await open()).toEqual({
      pictures: ['b.jpg dog', 'crops/c.jpg cat'],
      leftOut: [
        `1 picture is left out: not named in ./${name}.`,
        "1 file is left out: its name does not end as a picture's does (.txt).",
      ],
    })
  })

  it('that is given, before class folders', async () => {
    await make({ ...empty('x/b.jpg', 'x/a.jpg'), 'x/truth': 'x/b.jpg 1\nx/a.jpg 2' })
    expect(await open(join(folder, 'x/truth'))).toEqual({ pictures: ['x/b.jpg 1', 'x/a.jpg 2'], leftOut: [] })
  })

  it('that is found beside class folders only if it names pictures', async () => {
    await make({ ...empty('cat/a.jpg', 'dog/b.jpg', 'loose.jpg'), 'labels.txt': 'cat\ndog\n' })
    expect((await open()).pictures).toEqual(['cat/a.jpg cat', 'dog/b.jpg dog'])
    await make({ 'val.txt': 'loose.jpg emu\ncat/a.jpg cat' })
    expect((await open()).pictures).toEqual(['loose.jpg emu', 'cat/a.jpg cat'])
    await expect(open(join(folder, 'labels.txt'))).rejects.toMatchObject({ details: { got: '2 labels' } })
  })

  it('that has absolute paths, or names that begin with dots', async () => {
    await make({ ...empty('a.jpg', '..b.jpg'), 'val.txt': `${join(folder, 'a.jpg')},cat\n..b.jpg,dog\n` })
    expect((await open()).pictures).toEqual(['a.jpg cat', '..b.jpg dog'])
  })

  it('that is not looked for where the folder has no pictures itself: it may name the classes', async () => {
    await make({ ...empty('cat/a.jpg', 'dog/b.jpg'), 'labels.txt': 'cat\ndog\n' })
    expect((await open()).pictures).toEqual(['cat/a.jpg cat', 'dog/b.jpg dog'])
  })

  it('that has a label for each picture, in their order', async () => {
    await make({ ...empty('val_2.jpg', 'val_1.jpg'), 'labels.txt': '65\n970\n' })
    expect(await open()).toEqual({ pictures: ['val_1.jpg 65', 'val_2.jpg 970'], leftOut: [] })
    await make(empty('val_3.jpg'))
    await expect(open()).rejects.toMatchObject({ code: 'INPUT', details: { got: '2 labels' } })
  })

  it.each([
    ['a picture twice', 'a.jpg 1\n./a.jpg 2'],
    ['a picture elsewhere', '../a.jpg 1'],
    ['a picture elsewhere by an absolute path', `${join(tmpdir(), 'a.jpg')} 1`],
  ])('is refused if it names %s', async (_, text) => {
    await make({ ...empty('a.jpg'), 'val.txt': text })
    await expect(open()).rejects.toMatchObject({ code: 'INPUT', details: { where: join(folder, 'val.txt') } })
  })

  it('is an error if it is not there', async () => {
    await make(empty('a.jpg'))
    await expect(open(join(folder, 'none.csv'))).rejects.toMatchObject({ code: 'SOURCE' })
  })
})

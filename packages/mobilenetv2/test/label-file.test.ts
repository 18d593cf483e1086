import { describe, expect, it } from 'vitest'
import { readLabelLines } from '../src/label-file.js'

const read = (text: string) => readLabelLines(text, ['.jpg', '.jpeg', '.png'], 'val.txt')
const line = (file: string | null, label: string) => ({ file, label })

describe('a label file', () => {
  it.each<[string, string, ReturnType<typeof read>]>([
    ['CSV', 'a.jpg,cat\nb.jpg,dog\n', [line('a.jpg', 'cat'), line('b.jpg', 'dog')]],
    ['CSV with names of columns and more columns', 'file,class,note\na.JPEG, 7 ,x\r\n', [line('a.JPEG', '7')]],
    ['quoted CSV', '"a, ""1"".jpg","tabby, cat",x', [line('a, "1".jpg', 'tabby, cat')]],
    ['semicolons and tabs', 'a.jpg;cat;1\nb.jpg\tbig dog\t2', [line('a.jpg', 'cat'), line('b.jpg', 'big dog')]],
    ['spaces', 'sub dir/a b.jpg  great white shark, shark', [line('sub dir/a b.jpg', 'great white shark, shark')]],
    ['a mark at its start and empty lines', '\uFEFF\na.jpg cat\n\n', [line('a.jpg', 'cat')]],
    ['names of columns with dots', 'file.name,label\na.jpg,cat', [line('a.jpg', 'cat')]],
    ['labels with dots', 'St. Bernard, dog\nNode.js', [line(null, 'St. Bernard, dog'), line(null, 'Node.js')]],
    ['commas in names before spaces', 'a, 1.jpg cat', [line('a, 1.jpg', 'cat')]],
    ['names with dots', 'a.jpg.png 3', [line('a.jpg.png', '3')]],
    ['labels alone', 'n02123045\n"tabby, cat"\n65', [line(null, 'n02123045'), line(null, 'tabby, cat'), line(null, '65')]],
  ])('as %s', (_, text, expected) => {
    expect(read(text)).toEqual(expected)
  })

  it('is refused at a line that names no picture, though others do', () => {
    expect(() => read('a.jpg cat\nb.jpg\nc.jpg dog')).toThrow(
      expect.objectContaining({ code: 'INPUT', details: expect.objectContaining({ where: 'val.txt, line 2', got: 'b.jpg' }) }),
    )
  })

  it.each([
    ['labels before pictures', 'cat,1.jpg\ndog,2.jpg', 1],
    ['labels before pictures, below names of columns', 'label,file\ncat,1.jpg', 2],
    ['labels before pictures, and more columns', 'cat,1.jpg,train\ndog,2.jpg,val', 1],
    ['pictures alone', 'a.jpg\nb.jpg', 1],
    ['a first picture without a label', 'a.jpg,\nb.jpg,cat', 1],
    ['a first picture of a format that is not read', 'a.heic,dog\nb.jpg,cat', 1],
    ['only pictures of a format that is not read', 'a.heic,dog\nb.HEIC,cat', 1],
  ])('is refused with %s', (_, text, number) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({
        code: 'INPUT',
        details: expect.objectContaining({
          where: `val.txt, line ${number}`,
          expected: expect.stringContaining('the picture first'),
          got: text.split('\n')[number - 1],
        }),
      }),
    )
  })

  it('is refused if it is empty', () => {
    expect(() => read('\n \n')).toThrow(expect.objectContaining({ code: 'INPUT' }))
  })
})

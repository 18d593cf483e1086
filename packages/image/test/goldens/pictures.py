"""Writes pictures.json: small files of many kinds, and the RGB levels that Pillow decodes them to. Run: python pictures.py > pictures.json"""
import base64
import io
import json
import struct
import zlib

import PIL
from PIL import Image, ImageOps, ImageSequence
from synthetic import encoded, synthetic

WIDTH, HEIGHT = 12, 7


def gradient(mode, width=WIDTH, height=HEIGHT):
    """Smooth, so that what a JPEG loses stays within a few levels."""
    channels = len(mode)
    return Image.frombytes(mode, (width, height), bytes(
        min(255, 12 * x + 9 * y + 40 * c) for y in range(height) for x in range(width) for c in range(channels)))


def saved(image, kind, **options):
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def oriented(image, kind, orientation, **options):
    exif = Image.Exif()
    exif[274] = orientation
    return saved(image, kind, exif=exif, **options)


def entry(name, data, tolerance, picture=None):
    picture = picture or ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert('RGB')
    return {'name': name, 'file': base64.b64encode(data).decode(), 'size': list(picture.size), 'levels': encoded(picture), 'tolerance': tolerance}


def laid(picture, background):
    """RGBA on a colour, in integers: level * alpha + colour * (255 - alpha), divided by 255 and rounded."""
    data = picture.convert('RGBA').tobytes()
    return bytes(
        (data[4 * i + c] * data[4 * i + 3] + background[c] * (255 - data[4 * i + 3]) + 127) // 255
        for i in range(len(data) // 4) for c in range(3))


COLOUR = (10, 200, 77)


def transparent(name, data, tolerance, picture=None):
    """`tolerance` holds in Node; a browser's canvas may be one level further off."""
    picture = picture or Image.open(io.BytesIO(data))
    laid_on = {'onWhite': (255, 255, 255), 'onColour': COLOUR}
    return {
        'name': name, 'file': base64.b64encode(data).decode(), 'size': list(picture.size), 'tolerance': tolerance,
        **{key: base64.b64encode(laid(picture, colour)).decode() for key, colour in laid_on.items()}}


def animated(kind, **options):
    """Three frames: the second draws a part of the first over, the third is transparent where it does not draw."""
    first = gradient('RGBA', 24, 16)
    patch = Image.new('RGBA', (24, 16))
    patch.paste((250, 20, 40, 255), (2, 3, 10, 9))
    second = Image.alpha_composite(first, patch)
    third = Image.new('RGBA', (24, 16))
    third.paste((0, 90, 200, 255), (12, 5, 20, 12))
    data = saved(first, kind, save_all=True, append_images=[second, third], duration=[100, 40, 250], loop=0, **options)
    frames = [frame.convert('RGBA') for frame in ImageSequence.Iterator(Image.open(io.BytesIO(data)))]
    return {
        'name': kind, 'file': base64.b64encode(data).decode(), 'size': [24, 16], 'delays': [100, 40, 250],
        'onColour': [base64.b64encode(laid(frame, COLOUR)).decode() for frame in frames]}


def png16():
    """Pillow writes no RGBA of 16 bits. The high bytes are the levels, and repeat in the low bytes."""
    pixels = alpha.tobytes()
    rows = b''.join(b'\0' + bytes(b for v in pixels[y * WIDTH * 4:(y + 1) * WIDTH * 4] for b in (v, v)) for y in range(HEIGHT))

    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))

    header = struct.pack('>IIBBBBB', WIDTH, HEIGHT, 16, 6, 0, 0, 0)
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', header) + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b'')


def webp_of_big_endian():
    """EXIF data in big-endian byte order. Before the data is "Exif", which begins the segment in a JPEG, as some writers put it."""
    directory = struct.pack('>HHHII', 1, 274, 3, 1, 6 << 16) + struct.pack('>I', 0)
    exif = b'Exif\0\0' + b'MM\0*' + struct.pack('>I', 8) + directory
    return saved(gradient('RGB', 24, 16), 'WEBP', lossless=True, exif=exif)


def ycck(cmyk):
    """The same file, but Adobe's marker says that its first three components are YCbCr."""
    at = cmyk.index(b'Adobe') + 11
    return cmyk[:at] + b'\x02' + cmyk[at + 1:]


noise = synthetic('noise', WIDTH, HEIGHT)
alpha = noise.copy()
alpha.putalpha(Image.frombytes('L', noise.size, bytes(255 - 3 * i for i in range(WIDTH * HEIGHT))))
grey16 = Image.frombytes('I;16', noise.size, bytes(b for i in range(WIDTH * HEIGHT) for b in (0, 3 * i)))
smooth = gradient('RGBA', 24, 16)
smooth.putalpha(Image.frombytes('L', smooth.size, bytes(255 if x < 12 else 128 for _ in range(16) for x in range(24))))
holes = noise.quantize(16)
still = [gradient('RGB', 24, 16), Image.new('RGB', (24, 16), 'blue')]

cmyk = saved(gradient('RGB', 24, 16).convert('CMYK'), 'JPEG', quality=95)

print(json.dumps({
    'madeBy': f'pictures.py with Pillow {PIL.__version__}',
    'cases': [
        entry('PNG RGB', saved(noise, 'PNG'), 0),
        entry('PNG grey', saved(noise.convert('L'), 'PNG'), 0),
        entry('PNG palette', saved(noise.quantize(16), 'PNG'), 0),
        # Pillow clips 16 bits. The other decoders take the high byte, or divide by 257, which gives one level less if the low byte is 0.
        entry('PNG grey of 16 bits', saved(grey16, 'PNG'), 1, Image.frombytes('L', noise.size, bytes(3 * i for i in range(WIDTH * HEIGHT))).convert('RGB')),
        entry('GIF', saved(noise.quantize(16), 'GIF'), 0),
        entry('WebP lossless', saved(noise, 'WEBP', lossless=True), 0),
        entry('WebP lossy', saved(gradient('RGB', 24, 16), 'WEBP', quality=95), 3),
        entry('AVIF', saved(gradient('RGB', 24, 16), 'AVIF', quality=95, subsampling='4:4:4'), 3),
        entry('JPEG RGB', saved(gradient('RGB', 24, 16), 'JPEG', quality=95), 2),
        entry('JPEG grey', saved(gradient('L', 24, 16), 'JPEG', quality=95), 2),
        *(entry(f'JPEG of EXIF orientation {o}', oriented(gradient('RGB', 24, 16), 'JPEG', o, quality=95), 2) for o in range(1, 9)),
        *(entry(f'PNG of EXIF orientation {o}', oriented(noise, 'PNG', o), 0) for o in range(2, 9)),
        *(entry(f'WebP of EXIF orientation {o}', oriented(noise, 'WEBP', o, lossless=True), 0) for o in range(2, 9)),
        entry('WebP of EXIF orientation 6, in big-endian', webp_of_big_endian(), 0, gradient('RGB', 24, 16).transpose(Image.Transpose.ROTATE_270)),
        # Pillow writes an orientation as an AVIF's own properties irot and imir.
        *(entry(f'AVIF of orientation {o}', oriented(gradient('RGB', 24, 16), 'AVIF', o, quality=95, subsampling='4:4:4'), 3) for o in range(2, 9)),
        # Of an animated file, the first frame.
        *(entry(f'{kind} of two frames', saved(still[0], kind, save_all=True, append_images=still[1:], **options), 4, still[0])
          for kind, options in (('PNG', {}), ('WEBP', {'lossless': True}), ('AVIF', {'quality': 95, 'subsampling': '4:4:4'}))),
    ],
    'cmyk': [entry('JPEG CMYK', cmyk, 4), entry('JPEG YCCK', ycck(cmyk), 4)],
    'colour': COLOUR,
    'transparent': [
        transparent('PNG RGBA', saved(alpha, 'PNG'), 0),
        transparent('PNG grey and alpha', saved(alpha.convert('LA'), 'PNG'), 0),
        transparent('PNG palette with alpha', saved(holes, 'PNG', transparency=bytes(17 * i for i in range(16))), 0),
        transparent('PNG with a transparent colour', saved(noise, 'PNG', transparency=noise.getpixel((3, 2))), 0),
        transparent('PNG RGBA of 16 bits', png16(), 0, alpha),
        transparent('WebP RGBA', saved(alpha, 'WEBP', lossless=True, exact=True), 0),
        transparent('GIF', saved(holes, 'GIF', transparency=5), 0),
        transparent('AVIF RGBA', saved(smooth, 'AVIF', quality=95, subsampling='4:4:4'), 3),
    ],
    'animated': [animated('GIF'), animated('WEBP', lossless=True)],
}, indent=1))

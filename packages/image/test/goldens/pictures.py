"""Writes pictures.json: small files of many kinds, and the RGB levels that Pillow decodes them to. Run: python pictures.py > pictures.json"""
import base64
import io
import json

import PIL
from PIL import Image, ImageOps
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


def oriented(orientation):
    exif = Image.Exif()
    exif[274] = orientation
    return saved(gradient('RGB', 24, 16), 'JPEG', quality=95, exif=exif)


def entry(name, data, tolerance, picture=None):
    picture = picture or ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert('RGB')
    return {'name': name, 'file': base64.b64encode(data).decode(), 'size': list(picture.size), 'levels': encoded(picture), 'tolerance': tolerance}


noise = synthetic('noise', WIDTH, HEIGHT)
alpha = noise.copy()
alpha.putalpha(Image.frombytes('L', noise.size, bytes(255 - i for i in range(WIDTH * HEIGHT))))
grey16 = Image.frombytes('I;16', noise.size, bytes(b for i in range(WIDTH * HEIGHT) for b in (0, 3 * i)))

print(json.dumps({
    'madeBy': f'pictures.py with Pillow {PIL.__version__}',
    'cases': [
        entry('PNG RGB', saved(noise, 'PNG'), 0),
        entry('PNG grey', saved(noise.convert('L'), 'PNG'), 0),
        entry('PNG palette', saved(noise.quantize(16), 'PNG'), 0),
        # Pillow clips 16 bits; the high byte is what the others take. 65535 / 255 = 257, so a low byte of 0 may round down.
        entry('PNG grey of 16 bits', saved(grey16, 'PNG'), 1, Image.frombytes('L', noise.size, bytes(3 * i for i in range(WIDTH * HEIGHT))).convert('RGB')),
        entry('GIF', saved(noise.quantize(16), 'GIF'), 0),
        entry('WebP lossless', saved(noise, 'WEBP', lossless=True), 0),
        entry('JPEG RGB', saved(gradient('RGB', 24, 16), 'JPEG', quality=95), 2),
        entry('JPEG grey', saved(gradient('L', 24, 16), 'JPEG', quality=95), 2),
        *(entry(f'JPEG of EXIF orientation {o}', oriented(o), 2) for o in range(1, 9)),
    ],
    # Alpha is not premultiplied in Pillow; a canvas premultiplies, and loses levels as alpha falls (from 255 down to 172 here).
    'alpha': entry('PNG RGBA', saved(alpha, 'PNG'), 1, alpha.convert('RGB')),
    'cmyk': entry('JPEG CMYK', saved(gradient('RGB', 24, 16).convert('CMYK'), 'JPEG', quality=95), 0),
}, indent=1))

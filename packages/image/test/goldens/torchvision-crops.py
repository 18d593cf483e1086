"""Writes torchvision-crops.json: torchvision's Resize and CenterCrop. Run: python torchvision-crops.py > torchvision-crops.json"""
import json

import PIL
import torchvision
from synthetic import encoded, synthetic
from torchvision.transforms import CenterCrop, InterpolationMode, Resize

MODES = {'bilinear': InterpolationMode.BILINEAR, 'bicubic': InterpolationMode.BICUBIC}
# width, height, shorter side, crop (height, width)
CASES = [
    (31, 19, 16, (12, 12)), (19, 31, 16, (12, 12)), (50, 33, 17, (12, 11)), (33, 50, 18, (13, 13)), (25, 25, 20, (15, 14)),
    (40, 9, 10, (9, 10)), (9, 40, 10, (10, 7)), (3, 90, 8, (8, 8)), (90, 3, 8, (7, 8)), (47, 35, 35, (28, 28)),
]
# Sizes alone, at the scale of real recipes: width, height, shorter side, crop.
SIZES = [
    (width, height, short, crop)
    for width, height in [(500, 333), (500, 349), (333, 500), (800, 532), (375, 500), (500, 375), (140, 320), (257, 256), (1200, 901), (2000, 3)]
    for short, crop in [(256, 224), (232, 224), (256, 192), (110, 97)]
]


def sizes(width, height, short, crop):
    resized = Resize(short)(PIL.Image.new('L', (width, height)))
    # Each pixel of these holds the number of its column or row, in 32 bits.
    columns = PIL.Image.new('I', resized.size)
    rows = PIL.Image.new('I', resized.size)
    columns.putdata([x for _ in range(resized.height) for x in range(resized.width)])
    rows.putdata([y for y in range(resized.height) for _ in range(resized.width)])
    return {
        'picture': [width, height], 'shorterSide': short, 'crop': crop, 'resized': list(resized.size),
        'left': CenterCrop(crop)(columns).getpixel((0, 0)), 'top': CenterCrop(crop)(rows).getpixel((0, 0)),
    }


print(json.dumps({
    'madeBy': f'torchvision-crops.py with torchvision {torchvision.__version__}, Pillow {PIL.__version__}',
    'cases': [
        {
            'from': [width, height], 'shorterSide': short, 'crop': crop, 'interpolation': name,
            'levels': encoded(CenterCrop(crop)(Resize(short, mode)(synthetic('noise', width, height)))),
        }
        for width, height, short, crop in CASES
        for name, mode in MODES.items()
    ],
    'sizes': [sizes(*case) for case in SIZES],
}, indent=1))

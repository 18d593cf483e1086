"""Writes pillow.json: what Pillow's Image.resize makes of synthetic pictures. Run: python pillow.py > pillow.json

With Pillow 12 or before: 13 resizes along y first where the height shrinks far more than the width (its pull request 9549).
"""
import json

import PIL
from PIL import Image
from synthetic import encoded, synthetic

FILTERS = {'bilinear': Image.BILINEAR, 'bicubic': Image.BICUBIC}
# pattern, width and height before, width and height after, box (left, top, width, height) or None
CASES = [
    ('noise', 37, 29, 16, 11, None),
    ('noise', 13, 7, 31, 22, None),
    ('noise', 17, 17, 17, 17, None),
    ('noise', 1, 23, 5, 9, None),
    ('noise', 23, 1, 9, 5, None),
    ('noise', 1, 1, 4, 3, None),
    ('noise', 11, 40, 25, 9, None),
    ('noise', 64, 48, 7, 5, None),
    ('noise', 33, 21, 1, 1, None),
    ('noise', 200, 3, 3, 3, None),
    ('steps', 24, 24, 40, 35, None),
    ('steps', 40, 30, 13, 19, None),
    ('noise', 37, 29, 12, 14, (3, 2, 30, 25)),
    ('steps', 24, 24, 24, 24, (1, 1, 22, 22)),
    ('noise', 37, 29, 15, 17, (1.5, 2.25, 20.75, 17.5)),
]

print(json.dumps({
    'madeBy': f'pillow.py with Pillow {PIL.__version__}',
    'cases': [
        {
            'pattern': pattern, 'from': [width, height], 'to': [to_width, to_height], 'interpolation': name, 'box': box,
            'levels': encoded(synthetic(pattern, width, height).resize(
                (to_width, to_height), FILTERS[name], box and (box[0], box[1], box[0] + box[2], box[1] + box[3]))),
        }
        for pattern, width, height, to_width, to_height, box in CASES
        for name in FILTERS
    ],
}, indent=1))

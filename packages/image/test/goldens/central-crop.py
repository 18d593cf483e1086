"""Writes central-crop.json: the box that tf.image.central_crop cuts out. Run: python central-crop.py > central-crop.json"""
import json

import numpy as np
import tensorflow as tf


def box(width, height, fraction):
    rows, columns = np.mgrid[0:height, 0:width]
    cut = tf.image.central_crop(np.stack([columns, rows, rows], axis=-1).astype(np.int32), fraction).numpy()
    return {
        'picture': [width, height], 'fraction': fraction,
        'box': {'left': int(cut[0, 0, 0]), 'top': int(cut[0, 0, 1]), 'width': cut.shape[1], 'height': cut.shape[0]},
    }


print(json.dumps({
    'madeBy': f'central-crop.py with TensorFlow {tf.__version__}',
    'cases': [
        box(width, height, fraction)
        for width, height in [(500, 375), (333, 500), (224, 224), (16, 15), (9, 1), (101, 67)]
        for fraction in [0.875, 0.5, 1.0, 0.3]
    ],
}, indent=1))

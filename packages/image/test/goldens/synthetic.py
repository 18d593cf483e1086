"""The pictures that test/synthetic.ts draws from the same integer formula."""
import base64

from PIL import Image


def level(pattern, x, y, channel):
    if pattern == 'steps':
        return 0 if ((x >> 2) + (y >> 1) + channel) % 2 == 0 else 255
    value = ((x + 1) * 73856093 ^ (y + 1) * 19349663 ^ (channel + 1) * 83492791) & 0xFFFFFFFF
    return ((value >> 8) ^ (value >> 17)) & 255


def synthetic(pattern, width, height):
    data = bytes(level(pattern, x, y, c) for y in range(height) for x in range(width) for c in range(3))
    return Image.frombytes('RGB', (width, height), data)


def encoded(image):
    return base64.b64encode(image.tobytes()).decode()

"""Writes pillow-operations.json: what Pillow makes of small images by the operations of torchvision's policies.

    python3 test/train/data/pillow-operations.py > test/train/data/pillow-operations.json

The calls are those of torchvision's functional transforms for PIL images, with its nearest interpolation.
"""

import hashlib
import json
import sys

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

draws = np.random.default_rng(7)
noise = draws.integers(0, 256, (9, 11, 3), dtype=np.uint8)
ramp = np.clip(np.add.outer(np.arange(9) * 9, np.arange(11) * 7)[..., None] + [20, 60, 5], 0, 255)
images = {"noise": noise, "ramp": ramp.astype(np.uint8), "grey": noise[..., 0]}


def affine(image, matrix):
    return image.transform(image.size, Image.Transform.AFFINE, matrix, Image.Resampling.NEAREST)


operations = {
    "shearedRows": lambda image, along: affine(image, [1, along, 0, 0, 1, 0]),
    "shearedColumns": lambda image, along: affine(image, [1, 0, 0, along, 1, 0]),
    "rotated": lambda image, degrees: image.rotate(degrees, Image.Resampling.NEAREST),
    "withBrightness": lambda image, factor: ImageEnhance.Brightness(image).enhance(factor),
    "withColour": lambda image, factor: ImageEnhance.Color(image).enhance(factor),
    "withContrast": lambda image, factor: ImageEnhance.Contrast(image).enhance(factor),
    "withSharpness": lambda image, factor: ImageEnhance.Sharpness(image).enhance(factor),
    "posterised": lambda image, bits: ImageOps.posterize(image, bits),
    "solarised": lambda image, threshold: ImageOps.solarize(image, threshold),
    "autocontrasted": lambda image, _: ImageOps.autocontrast(image),
    "equalised": lambda image, _: ImageOps.equalize(image),
}
amounts = {
    "shearedRows": [0.3, -0.17],
    "shearedColumns": [0.99, -0.2],
    "rotated": [20, -133],
    "withBrightness": [0.4, 1.7],
    "withColour": [0.1, 1.9],
    "withContrast": [0.3, 1.6],
    "withSharpness": [0.2, 1.9],
    "posterised": [2, 5],
    "solarised": [100.5, 0],
    "autocontrasted": [0],
    "equalised": [0],
}

cases = []
for title, pixels in images.items():
    image = Image.fromarray(pixels)
    for name, operate in operations.items():
        for amount in amounts[name]:
            made = np.asarray(operate(image, amount))
            cases.append({"image": title, "operation": name, "amount": amount, "made": made.flatten().tolist()})

# Larger than its fixed point forgives, and known by its bytes alone.
side = np.arange(224)
large = np.stack([(side[:, None] * 7 + side * (3 + 2 * c) + (side[:, None] * side) % (11 + c)) % 256 for c in range(3)], -1)
large = large.astype(np.uint8)
sums = []
for name, operate in operations.items():
    for amount in amounts[name]:
        made = np.asarray(operate(Image.fromarray(large), amount))
        sums.append({"operation": name, "amount": amount, "sha256": hashlib.sha256(made.tobytes()).hexdigest()})
grey = np.asarray(Image.fromarray(large).convert("L"))
sums.append({"operation": "greyImage", "amount": 0, "sha256": hashlib.sha256(grey.tobytes()).hexdigest()})

given = {
    title: {
        "shape": [*pixels.shape, 1][:3],
        "pixels": pixels.flatten().tolist(),
    }
    for title, pixels in images.items()
}
json.dump({"images": given, "cases": cases, "large": sums}, sys.stdout, separators=(",", ":"))
print()

"""Writes fixtures/: every name in the state dictionaries of torchvision's and timm's networks, with its shape.

python3 names.py
"""

import pathlib

import timm
import torchvision

FOLDER = pathlib.Path(__file__).parent / "fixtures"
NETWORKS = {
    "resnet18": torchvision.models.resnet18,
    "resnet50": torchvision.models.resnet50,
    **{
        f"timm-{name}": lambda name=name: timm.create_model(name)
        for name in ("resnet18d", "resnet50d", "seresnet50")
    },
}

for name, make in NETWORKS.items():
    lines = [f"{key} {list(tensor.shape)}\n" for key, tensor in make().state_dict().items()]
    (FOLDER / f"{name}.txt").write_text("".join(lines))

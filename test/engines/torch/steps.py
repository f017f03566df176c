"""Writes steps.json: training steps of a small network by PyTorch and timm in float64, which the engines' must agree with.

python3 steps.py > steps.json
"""

import base64
import json

import timm
import torch
from timm.loss import BinaryCrossEntropy
from timm.optim import Lamb
from torch import nn

torch.manual_seed(0)
STEPS, BATCH, SIDE, CLASSES = 4, 6, 8, 3


def net():
    return nn.Sequential(
        nn.Conv2d(3, 4, 3, padding=1, bias=False),
        nn.BatchNorm2d(4),
        nn.Sigmoid(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(4, CLASSES),
    )


NAMES = {
    "0.weight": "conv.kernel",
    "1.weight": "norm.gamma",
    "1.bias": "norm.beta",
    "1.running_mean": "norm.moving_mean",
    "1.running_var": "norm.moving_variance",
    "5.weight": "dense.kernel",
    "5.bias": "dense.bias",
}


def packed(tensor):
    numbers = tensor.detach().float().contiguous().numpy().tobytes()
    return {"shape": list(tensor.shape), "data": base64.b64encode(numbers).decode()}


def weights(state):
    def turned(tensor):
        if tensor.ndim == 4:
            return tensor.permute(2, 3, 1, 0)
        return tensor.T if tensor.ndim == 2 else tensor

    return {NAMES[name]: packed(turned(state[name])) for name in NAMES}


begin = net().state_dict()
begin["1.weight"] += torch.rand(4)
images = torch.randn(STEPS, BATCH, 3, SIDE, SIDE)
labels = torch.randint(0, CLASSES, (STEPS, BATCH))

SGD = {"kind": "sgd", "rate": 0.3, "momentum": 0, "nesterov": False, "decay": 0}
ADAM = {"kind": "adam", "rate": 0.02, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "decay": 0}
CASES = {
    "SGD": {"optimizer": SGD},
    "momentum and decay": {"optimizer": {**SGD, "momentum": 0.9, "decay": 0.1}},
    "Nesterov": {"optimizer": {**SGD, "momentum": 0.9, "nesterov": True, "decay": 0.1}},
    "smoothing": {"optimizer": SGD, "loss": {"kind": "crossentropy", "smoothing": 0.1}},
    "clipping": {"optimizer": SGD, "clip": 0.05},
    "Adam with decay": {"optimizer": {**ADAM, "decay": 0.1}},
    "Adam with a large epsilon": {"optimizer": {**ADAM, "epsilon": 0.01}},
    "AdamW": {"optimizer": {**ADAM, "kind": "adamw", "decay": 0.1}},
    "LAMB": {"optimizer": {**ADAM, "kind": "lamb", "epsilon": 1e-6, "decay": 0.1}},
    "SGD by rates": {
        "optimizer": {**SGD, "momentum": 0.9, "decay": 0.1},
        "rates": {"kind": "within", "places": ["conv", "norm"], "factors": [0.1, 0.5]},
    },
    "AdamW by rates": {
        "optimizer": {**ADAM, "kind": "adamw", "decay": 0.1},
        "rates": {"kind": "within", "places": ["conv", "norm"], "factors": [0.2]},
    },
    "binary cross-entropy": {"optimizer": SGD, "loss": {"kind": "bce", "smoothing": 0}},
    "binary cross-entropy, smoothed": {"optimizer": SGD, "loss": {"kind": "bce", "smoothing": 0.3}},
    "binary cross-entropy, by a threshold": {
        "optimizer": SGD,
        "loss": {"kind": "bce", "smoothing": 0.9, "threshold": 0.35},
    },
}


def factor_of(rates, name):
    node = NAMES[name].split(".")[0]
    if rates is None or node not in rates["places"]:
        return 1
    factors = rates["factors"]
    return factors[0] if len(factors) == 1 else factors[rates["places"].index(node)]


def optimizer(model, given, rates):
    groups = [
        {
            "params": [parameter],
            "weight_decay": given["decay"] if parameter.ndim > 1 else 0,
            "lr": given["rate"] * factor_of(rates, name),
        }
        for name, parameter in model.named_parameters()
    ]
    if given["kind"] == "sgd":
        momentum, nesterov = given["momentum"], given["nesterov"]
        return torch.optim.SGD(groups, lr=given["rate"], momentum=momentum, nesterov=nesterov)
    if given["kind"] == "lamb":
        # It clips gradients unless told not to.
        betas = given["beta1"], given["beta2"]
        return Lamb(groups, lr=given["rate"], betas=betas, eps=given["epsilon"], max_grad_norm=None)
    adam = torch.optim.Adam if given["kind"] == "adam" else torch.optim.AdamW
    betas = given["beta1"], given["beta2"]
    return adam(groups, lr=given["rate"], betas=betas, eps=given["epsilon"])


def loss_of(given):
    if given["kind"] == "crossentropy":
        return nn.CrossEntropyLoss(label_smoothing=given["smoothing"])
    return BinaryCrossEntropy(given["smoothing"], target_threshold=given.get("threshold"))


def train(case):
    model = net().double()
    model.load_state_dict(begin)
    steps, losses = optimizer(model, case["optimizer"], case.get("rates")), []
    for batch, wanted in zip(images.double(), labels):
        steps.zero_grad()
        loss = loss_of(case.get("loss", {"kind": "crossentropy", "smoothing": 0}))(model(batch), wanted)
        loss.backward()
        if "clip" in case:
            nn.utils.clip_grad_norm_(model.parameters(), case["clip"])
        steps.step()
        losses.append(loss.item())
    return {**case, "losses": losses, "weights": weights(model.state_dict())}


print(
    json.dumps(
        {
            "torch": torch.__version__,
            "timm": timm.__version__,
            "images": [packed(each.permute(0, 2, 3, 1)) for each in images],
            "labels": labels.tolist(),
            "begin": weights(begin),
            "cases": {name: train(case) for name, case in CASES.items()},
        },
        indent=1,
    )
)

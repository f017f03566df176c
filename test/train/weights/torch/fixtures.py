"""Writes fixtures/: the weights of one small residual network, as PyTorch saves them in all ways that are read, or
are refused with a word; and expected.json: the logits that it gives some images.

python3 fixtures.py && npx prettier --write fixtures/expected.json
"""

import argparse
import base64
import io
import json
import pathlib
import warnings
import zipfile

import torch
from torch import nn

torch.manual_seed(0)
FOLDER = pathlib.Path(__file__).parent / "fixtures"
LEGACY = {"_use_new_zipfile_serialization": False}


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 4, 3, 2, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.conv2 = nn.Conv2d(4, 4, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(4)
        self.downsample = nn.Sequential(nn.Conv2d(2, 4, 1, 2, bias=False), nn.BatchNorm2d(4))

    def forward(self, x):
        inner = self.bn1(self.conv1(x)).relu()
        return (self.bn2(self.conv2(inner)) + self.downsample(x)).relu()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 2, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(2)
        self.layer1 = nn.Sequential(Block())
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        return self.fc(self.layer1(self.bn1(self.conv1(x)).relu()).mean((2, 3)))


def randomise(net):
    """With numbers that float16 and bfloat16 have too."""
    for name, tensor in net.state_dict().items():
        if tensor.dtype == torch.int64:
            tensor.fill_(7)
        else:
            least = 16 if name.endswith("running_var") else -64
            tensor.copy_(torch.randint(least, 64, tensor.shape) / 64)


def save(name, value, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.save(value, FOLDER / name, **options)


def strided(state):
    """The same numbers, each tensor in another order of memory than its own or a part of a larger one."""
    room = torch.zeros(3, 5)
    room[1:, 1:] = state["layer1.0.bn1.running_mean"]
    views = {
        "fc.weight": state["fc.weight"].T.contiguous().T,
        "bn1.weight": torch.stack([state["bn1.weight"], torch.zeros(2)], 1)[:, 0],
        "layer1.0.bn1.running_mean": room[2, 1:],
    }
    return {
        name: views.get(name, each.to(memory_format=torch.channels_last) if each.ndim == 4 else each)
        for name, each in state.items()
    }


def prefixed(prefix, state):
    return {prefix + name: each for name, each in state.items()}


def rewritten(name, source, change=None, **options):
    """An archive of the same files, but for some that are changed, and what a debugger wants of them."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(FOLDER / name, "w") as new:
        for entry in old.namelist():
            if entry.endswith(".debug_pkl"):
                continue
            data = (change or {}).get(entry.split("/", 1)[1], old.read(entry))
            new.writestr(entry, data, **options)


FOLDER.mkdir(exist_ok=True)
net = Net().eval()
randomise(net)
state = net.state_dict()
other = {name: each * 2 for name, each in state.items()}
small = {"fc.bias": state["fc.bias"]}

save("archive.pth", state)
save("legacy.pth", state, **LEGACY)
save("legacy-4.pth", state, pickle_protocol=4, **LEGACY)
save("half.pth", {k: v.half() if v.is_floating_point() else v for k, v in state.items()})
save("bfloat16.pt", {k: v.bfloat16() if v.is_floating_point() else v for k, v in state.items()}, **LEGACY)
save("double.bin", {k: v.double() if v.is_floating_point() else v for k, v in state.items()}, **LEGACY)
save("strided.pth", strided(state))
save("strided-legacy.pth", strided(state), **LEGACY)
save("parameters.pth", dict(net.named_parameters()) | dict(net.named_buffers()), **LEGACY)

# What the training of PyTorch's ImageNet example leaves, of a network on several GPUs.
optimizer = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)
net.train()(torch.randn(2, 3, 8, 8)).sum().backward()
optimizer.step()
net.eval().load_state_dict(state := torch.load(FOLDER / "archive.pth", weights_only=True))
save(
    "checkpoint.pth.tar",
    {
        "epoch": 90,
        "arch": "resnet50",
        "state_dict": nn.DataParallel(net).state_dict(),
        "best_acc1": torch.tensor(76.1),
        "optimizer": optimizer.state_dict(),
        "args": argparse.Namespace(lr=0.1),
    },
    **LEGACY,
)
save("averages.pth", {"state_dict_ema": other, "state_dict": state, "epoch": 3}, **LEGACY)
save("only-average.pth", {"model_ema": prefixed("module.", state), "n": 3}, **LEGACY)
save("compiled.pth", {"model": prefixed("_orig_mod.backbone.", state)}, **LEGACY)
save("nested.pth", {"model": {"state_dict": prefixed("model.net.", state)}}, **LEGACY)
save("two.pth", {"student": state, "teacher": other}, **LEGACY)

save("module.pth", net)
save("model-within.pth", {"epoch": 3, "model": nn.Linear(1, 1)})
save("int8.pth", small | {"fc.weight": torch.ones(3, 4, dtype=torch.int8)})
save("float8.pth", small | {"fc.weight": torch.ones(3, 4).to(torch.float8_e4m3fn)})
save("sparse.pth", small | {"fc.weight": torch.eye(3).to_sparse()})
save("small.pth", small)
save("big-endian.pth", {"model": small})
rewritten("big-endian.pth", io.BytesIO((FOLDER / "big-endian.pth").read_bytes()), {"byteorder": b"big"})
rewritten("compressed.pth", FOLDER / "small.pth", compress_type=zipfile.ZIP_DEFLATED)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    program = torch.jit.trace(nn.Linear(1, 1), torch.zeros(1, 1))
rewritten("program.pt", io.BytesIO(program.save_to_buffer()))
with zipfile.ZipFile(FOLDER / "no-pickle.zip", "w") as archive:
    archive.writestr("readme.txt", "no weights")
torch.serialization.set_crc32_options(False)
save("no-checksums.pth", small)


def packed(tensor):
    numbers = tensor.contiguous().numpy().tobytes()
    return {"shape": list(tensor.shape), "data": base64.b64encode(numbers).decode()}


images = torch.randn(2, 3, 8, 8)
with torch.no_grad():
    logits = net(images)
expected = {
    "torch": torch.__version__,
    "images": packed(images.permute(0, 2, 3, 1)),
    "logits": packed(logits),
    "tensors": {name: packed(each) for name, each in state.items() if each.is_floating_point()},
}
(FOLDER / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")

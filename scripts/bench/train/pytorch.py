"""Measures PyTorch, and ONNX Runtime on what PyTorch exports, for scripts/bench/train and scripts/gpu.

One argument, a job as JSON (job.ts has its fields); the last line of the output is the answer as JSON.
"""

import json
import resource
import sys
import time


def peak_megabytes():
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def timed(job, step):
    """Wall milliseconds of the steps after the warm-up; step(i) prepares and gives what is timed."""
    milliseconds = []
    for i in range(job["warmup"] + job["steps"]):
        run = step(i)
        start = time.perf_counter()
        run()
        if i >= job["warmup"]:
            milliseconds.append((time.perf_counter() - start) * 1000)
    return milliseconds


def versions(_job):
    import platform

    import torch

    found = {"python": platform.python_version(), "torch": torch.__version__}
    found["capability"] = torch.backends.cpu.get_cpu_capability()
    for name in ("torchvision", "onnx", "onnxscript", "onnxruntime"):
        try:
            found[name] = __import__(name).__version__
        except ImportError:
            pass
    return found


def resnet20():
    """The 20 layers of He et al. 2015, section 4.2, with shortcuts of option A."""
    import torch.nn.functional as F
    from torch import nn

    class Block(nn.Module):
        def __init__(self, inputs, outputs, stride):
            super().__init__()
            self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(outputs)
            self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(outputs)
            self.stride, self.more = stride, outputs - inputs

        def forward(self, x):
            y = F.relu(self.bn1(self.conv1(x)), inplace=True)
            y = self.bn2(self.conv2(y))
            if self.more > 0:
                x = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.more))
            return F.relu(y + x, inplace=True)

    blocks, inputs = [], 16
    for outputs in (16, 32, 64):
        for i in range(3):
            blocks.append(Block(inputs, outputs, 2 if i == 0 and outputs > 16 else 1))
            inputs = outputs
    return nn.Sequential(
        nn.Conv2d(3, 16, 3, 1, 1, bias=False),
        nn.BatchNorm2d(16),
        nn.ReLU(inplace=True),
        *blocks,
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(64, 10),
    )


def model_of(job):
    """The model and its number of classes, in channels_last."""
    import torch

    torch.set_num_threads(job["threads"])
    torch.manual_seed(1)
    if job["model"] == "resnet20":
        return resnet20().to(memory_format=torch.channels_last), 10
    import torchvision

    model = getattr(torchvision.models, job["model"])(weights=None)
    return model.to(memory_format=torch.channels_last), 1000


def images_of(job):
    """Images as a data loader of channels-last arrays gives them."""
    import torch

    images = torch.rand(job["batch"], job["extent"], job["extent"], 3) * 2 - 1
    return images.permute(0, 3, 1, 2)


def answer(milliseconds, model=None):
    found = {"milliseconds": milliseconds, "peakMegabytes": peak_megabytes()}
    if model is not None:
        found["parameters"] = sum(p.numel() for p in model.parameters())
    return found


def train(job):
    import torch
    import torch.nn.functional as F

    model, classes = model_of(job)
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)

    def step(_):
        images, labels = images_of(job), torch.randint(classes, (job["batch"],))

        def run():
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            if not loss.item() < float("inf"):
                raise ArithmeticError("the loss is not a number")

        return run

    return answer(timed(job, step), model)


def train_on_gpu(job):
    """Images/s of training steps in float32 on CUDA, given two ahead, as scripts/gpu/measure.ts gives its own."""
    import torch
    import torch.nn.functional as F

    began = time.perf_counter()
    # Products of 10-bit mantissas would not be the same work.
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = True
    model, classes = model_of({"threads": torch.get_num_threads(), **job})
    device = torch.device(job.get("device", "cuda"))
    model.to(device).train()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)
    pinned = (lambda tensor: tensor.pin_memory()) if device.type == "cuda" else lambda tensor: tensor
    batches = [
        (pinned(images_of(job)), pinned(torch.randint(classes, (job["batch"],)))) for _ in range(2)
    ]
    under_way = []

    def give(step):
        images, labels = (each.to(device, non_blocking=True) for each in batches[step % 2])
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        under_way.append(loss.detach())

    def land(most):
        while len(under_way) > most:
            if not under_way.pop(0).item() < float("inf"):
                raise ArithmeticError("the loss is not a number")

    give(0)
    land(0)
    seconds_to_first = time.perf_counter() - began
    for step in range(4):
        give(step)
        land(0)
    start, steps = time.perf_counter(), 0
    while steps == 0 or time.perf_counter() - start < job["seconds"]:
        give(steps)
        steps += 1
        land(1)
    land(0)
    images_per_second = job["batch"] * steps / (time.perf_counter() - start)
    used = torch.cuda.max_memory_reserved() / 1e6 if device.type == "cuda" else 0
    return {
        "imagesPerSecond": images_per_second,
        "steps": steps,
        "secondsToFirst": seconds_to_first,
        "megabytes": used,
    }


def predict(job):
    import torch

    model, _ = model_of(job)
    model.eval()

    def step(_):
        images = images_of(job)
        return lambda: model(images)

    with torch.no_grad():
        return answer(timed(job, step), model)


def export(job):
    import torch

    model, _ = model_of(job)
    model = model.to(memory_format=torch.contiguous_format).eval()
    torch.onnx.export(model, (images_of(job).contiguous(),), job["file"], dynamo=True)
    return {}


def onnxruntime(job):
    import numpy as np
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = job["threads"]
    session = ort.InferenceSession(job["file"], options, providers=["CPUExecutionProvider"])
    (given,) = session.get_inputs()
    random = np.random.default_rng(1)

    def step(_):
        images = random.random((job["batch"], 3, job["extent"], job["extent"]), dtype=np.float32)
        return lambda: session.run(None, {given.name: images * 2 - 1})

    return answer(timed(job, step))


if __name__ == "__main__":
    job = json.loads(sys.argv[1])
    work = {f.__name__: f for f in (versions, train, train_on_gpu, predict, export, onnxruntime)}
    result = work[job["work"]](job)
    print(json.dumps(result))

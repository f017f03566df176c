/**
 * The real torchvision, where there is one: the Python of RESNETC_PYTHON, or `python3`. Where there is
 * none, `torchPython` is undefined and a line on the console says so.
 */
import { execFileSync } from "node:child_process";
import { python, pythonWith } from "../../python.js";

export const torchPython: string | undefined = pythonWith("torchvision", "torch, torchvision");
export const timmPython: string | undefined = pythonWith("timm", "torch, torchvision, timm");

/** Reads and writes the format by hand, so that no more packages are needed. */
const script = `
import json, struct, sys, torch, torchvision

types = {"F32": torch.float32, "I64": torch.int64}

def load(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    header.pop("__metadata__", None)
    state = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        flat = torch.frombuffer(data[start:end], dtype=types[entry["dtype"]])
        state[name] = flat.reshape(entry["shape"])
    return state

def save(path, state):
    header, chunks, at = {}, [], 0
    for name, tensor in state.items():
        chunk = tensor.contiguous().numpy().tobytes()
        dtype = {torch.float32: "F32", torch.int64: "I64"}[tensor.dtype]
        offsets = [at, at + len(chunk)]
        header[name] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": offsets}
        chunks.append(chunk)
        at += len(chunk)
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(chunks))

def randomise(model):
    generator = torch.Generator().manual_seed(1)
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            channels = module.num_features
            module.weight.data = 0.5 + torch.rand(channels, generator=generator)
            module.bias.data = torch.randn(channels, generator=generator) / 2
            module.running_mean = torch.randn(channels, generator=generator) / 2
            module.running_var = 0.5 + torch.rand(channels, generator=generator)

architecture, theirs, ours, images, count = sys.argv[1:]
with open(images, "rb") as file:
    batch = torch.frombuffer(bytearray(file.read()), dtype=torch.float32)
batch = batch.reshape(int(count), 224, 224, 3).permute(0, 3, 1, 2)

def logits(model):
    with torch.no_grad():
        return model.eval()(batch).flatten().tolist()

def create():
    if not architecture.startswith("timm."):
        return getattr(torchvision.models, architecture)()
    import timm
    return timm.create_model(architecture.removeprefix("timm."))

model = create()
state = load(ours)
same = set(state) == set(model.state_dict())
model.load_state_dict(state, strict=True)
answer = {"same": same, "ours": logits(model)}
other = create()
randomise(other)
save(theirs, other.state_dict())
print(json.dumps({**answer, "theirs": logits(other)}))
`;

export interface TorchvisionRun {
  /** Whether our file has exactly the names of its state dictionary. */
  readonly same: boolean;
  /** Logits of its network with our weights, and with its own, row after row. */
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

/**
 * Loads our file strictly into one of torchvision's networks, and writes another's state dictionary.
 *
 * @param architecture as torchvision calls it, or as timm does, behind `timm.`.
 * @param files `images` holds float32 (N, 224, 224, 3); `theirs` is written.
 * @throws Error with what torch says of a file that it does not take.
 */
export function runTorchvision(
  architecture: string,
  files: { readonly ours: string; readonly theirs: string; readonly images: string },
  count: number,
): TorchvisionRun {
  const given = [architecture, files.theirs, files.ours, files.images, String(count)];
  const output = execFileSync(torchPython ?? python, ["-c", script, ...given], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  return JSON.parse(output) as TorchvisionRun;
}

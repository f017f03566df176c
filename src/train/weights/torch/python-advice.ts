/**
 * What to do, in Python, with a file of PyTorch that is not read as it is: a sentence, and on a line of its own code
 * that runs as it is pasted, and writes beside the file one that is read.
 */

/** Of a model that was saved whole, found by `keys` in what was saved. */
export function modelAdvice(path: string, keys: readonly string[]): string {
  const model = itemOf(loaded(path, "False"), keys);
  return (
    "save its weights alone, if you trust the file, as loading a model runs code that it names; in Python, where its " +
    `classes can be imported:\nimport torch; ${saved(`${model}.state_dict()`, path)}`
  );
}

/** Of a program of TorchScript. */
export function programAdvice(path: string): string {
  const program = `torch.jit.load(${text(path)}, map_location="cpu")`;
  return `save its weights alone, in Python:\nimport torch; ${saved(`${program}.state_dict()`, path)}`;
}

/** Of tensors in another form than is read, of the dictionary found by `keys` in what was saved. */
export function tensorAdvice(path: string, keys: readonly string[]): string {
  const found = itemOf(loaded(path, "True"), keys);
  const plain = "{k: v.to_dense().dequantize() for k, v in found.items() if torch.is_tensor(v)}";
  return `save plain tensors, in Python:\nimport torch; found = ${found}; ${saved(plain, path)}`;
}

function loaded(path: string, weightsOnly: "True" | "False"): string {
  return `torch.load(${text(path)}, map_location="cpu", weights_only=${weightsOnly})`;
}

function itemOf(found: string, keys: readonly string[]): string {
  return found + keys.map((key) => `[${text(key)}]`).join("");
}

function saved(value: string, path: string): string {
  const beside = path.replace(/(\.(pth|pt|bin|ckpt|tar))+$/i, "");
  return `torch.save(${value}, ${text(`${beside}-weights.pth`)})`;
}

/** As Python reads it, too. */
function text(value: string): string {
  return JSON.stringify(value);
}

/** What is known of a machine's GPUs, the best first, and the choice of one by a part of its name. */
import { EngineUnavailableError } from "../engine.js";

/** A way to a GPU, or to a program that plays one, as Dawn lists it. */
export interface Adapter {
  /** As the driver gives it: `NVIDIA H100 80GB HBM3`. */
  readonly name: string;
  /** The interface of the driver: vulkan, metal, d3d12 or d3d11. */
  readonly backend: string;
  readonly vendor: string;
  readonly architecture: string;
  /** The driver and its version, where it says so. */
  readonly driver: string;
  readonly kind: AdapterKind;
}

/** A GPU with memory of its own, one that shares the processor's, or none at all. */
export type AdapterKind = "discrete" | "integrated" | "software";

/** What the other process reports of an adapter. */
export type Reported = Omit<Adapter, "kind"> & { readonly fallback: boolean };

const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i;
/** A driver that leads to another machine's or system's GPU, whose name it has in brackets. */
const wrapped = /^(?:microsoft direct3d12|virtio-gpu venus) \((.+)\)$/;

/** Makers by what their GPUs are called, where the driver is another's. */
const makers: readonly (readonly [string, RegExp])[] = [
  ["nvidia", /nvidia|geforce|quadro/],
  ["amd", /\bamd\b|radeon/],
  ["intel", /\bintel\b/],
];

/** NVIDIA's chips that are processors too. */
const nvidiaShared = /tegra|orin|xavier|thor|\bgb10\b/;
/** Intel's cards: of Arc the A and some of the B; Flex, Max, and Iris Xe MAX. */
const intelCards =
  /\barc (pro )?a\d{2,3}m?\b|\barc b[57]\d0\b|\barc pro b\d{2}m?\b|\b(flex \d{3}|max \d{4}|xe max)\b|\((dg[12]|bmg)\b/;
/** What RADV, Mesa's driver, calls the chips that are processors too. */
const radvShared =
  /\bradv (kaveri|kabini|mullins|carrizo|stoney|raven2?|renoir|vangogh|rembrandt|raphael|mendocino|phoenix|strix|krackan|gfx103[5-7]|gfx110[3-9]|gfx11[57]\d)/;
/** What AMD's own drivers call them: `Radeon 780M`, `Radeon 8060S Graphics`, `Radeon RX Vega 10 Graphics`, `Radeon Graphics`. */
const amdShared = /custom gpu|radeon (r\d |(rx )?vega \d+ )?graphics|radeon \d{3,4}[ms]\b/;

/** WebGPU does not say whether a GPU has memory of its own; its maker and its name do. */
function kindOf({ name, vendor, architecture, fallback }: Reported): AdapterKind {
  if (fallback || softwareNames.test(`${name} ${architecture}`)) return "software";
  const unmarked = name
    .toLowerCase()
    .replace(/\((tm|r)\)/g, "")
    .replace(/\s+/g, " ");
  const plain = wrapped.exec(unmarked)?.[1] ?? unmarked;
  const isCard = cards[makers.find(([, names]) => names.test(plain))?.[0] ?? vendor];
  return isCard?.(plain) === true ? "discrete" : "integrated";
}

/** Whether a GPU of that maker, by its name in small letters, is a card. */
const cards: Readonly<Record<string, (name: string) => boolean>> = {
  nvidia: (name) => !nvidiaShared.test(name),
  intel: (name) => intelCards.test(name),
  amd: (name) => !(name.includes("radv ") ? radvShared : amdShared).test(name),
};

const backends = ["vulkan", "metal", "d3d12", "d3d11"];
const kinds: readonly AdapterKind[] = ["discrete", "integrated", "software"];

/** Orders what was reported: cards first, programs last, each once and by its best driver. */
export function rankAdapters(reported: readonly Reported[]): readonly Adapter[] {
  const known = reported.filter(({ backend }) => backends.includes(backend));
  const rank = ({ backend }: Reported): number => backends.indexOf(backend);
  const best = new Map<string, Reported>();
  for (const each of [...known].sort((a, b) => rank(a) - rank(b))) {
    if (!best.has(each.name)) best.set(each.name, each);
  }
  const adapters = [...best.values()].map(({ fallback, ...rest }) => ({
    ...rest,
    kind: kindOf({ fallback, ...rest }),
  }));
  return adapters.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
}

const interfaces: Readonly<Record<string, string>> = {
  vulkan: "Vulkan",
  metal: "Metal",
  d3d12: "Direct3D 12",
  d3d11: "Direct3D 11",
};

/** `NVIDIA H100 80GB HBM3 (Vulkan)`. */
export function describeAdapter({ name, backend, kind }: Adapter): string {
  const notes = [interfaces[backend] ?? backend, ...(kind === "software" ? ["software"] : [])];
  return `${name} (${notes.join(", ")})`;
}

/** Where a GPU could be and none is, what to do. */
export const driverRemedy =
  "install the GPU's driver with Vulkan (on Linux also the package libvulkan1), Metal or Direct3D 12; " +
  "`vulkaninfo --summary` lists what Vulkan finds";

/**
 * The adapter whose name contains `wanted` in any case, the better where several do; without `wanted` the
 * best that is a GPU. A program that plays a GPU is taken only by its name.
 * @throws EngineUnavailableError that lists what there is.
 */
export function pickAdapter(adapters: readonly Adapter[], wanted?: string): Adapter {
  const [first] = adapters;
  if (first === undefined)
    throw new EngineUnavailableError("there is no GPU adapter", driverRemedy);
  if (wanted === undefined) {
    if (first.kind !== "software") return first;
    throw new EngineUnavailableError(
      `there is no GPU: ${describeAdapter(first)} computes on the processor, slowly`,
      `${driverRemedy}; for tests \`--device "${first.name}"\` takes it all the same`,
    );
  }
  const found = adapters.find(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()));
  if (found !== undefined) return found;
  const list = adapters.map(describeAdapter).join("; ");
  throw new EngineUnavailableError(
    `no GPU here has "${wanted}" in its name`,
    `\`--device\` takes a part of one of these names: ${list}`,
  );
}

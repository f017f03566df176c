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
/** Intel's cards have a model number (Arc A770, Arc B580, Flex 170, Max 1550), AMD's mostly too. */
const intelCards = /\b(arc.* [ab]\d{3}|flex \d{3}|max \d{4})\b/i;
const amdShared = /radeon\s*(\(tm\)\s*)?(vega \d+ )?graphics|radeon \d{3}m\b/i;

/** WebGPU does not say whether a GPU has memory of its own; its vendor and its name do. */
function kindOf({ name, vendor, architecture, fallback }: Reported): AdapterKind {
  if (fallback || softwareNames.test(`${name} ${architecture}`)) return "software";
  if (vendor === "nvidia") return /tegra|orin|xavier/i.test(name) ? "integrated" : "discrete";
  if (vendor === "intel") return intelCards.test(name) ? "discrete" : "integrated";
  if (vendor === "amd") return amdShared.test(name) ? "integrated" : "discrete";
  return "integrated";
}

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

import { describe, expect, it } from "vitest";
import {
  describeAdapter,
  pickAdapter,
  rankAdapters,
  type AdapterKind,
  type Reported,
} from "../../../src/engines/webgpu/adapters.js";
import { availabilityOf } from "../../../src/engines/webgpu.js";

function reported(name: string, vendor: string, more: Partial<Reported> = {}): Reported {
  const rest = { backend: "vulkan", architecture: "", driver: "1.0", fallback: false };
  return { name, vendor, ...rest, ...more };
}

const swiftShader = reported("SwiftShader Device (Subzero)", "google", { fallback: true });
const llvmpipe = reported("llvmpipe (LLVM 19.1.7, 256 bits)", "mesa");
const hopper = reported("NVIDIA H100 80GB HBM3", "nvidia");
const xe = reported("Intel(R) Iris(R) Xe Graphics (TGL GT2)", "intel");

describe("adapters", () => {
  it.each<readonly [Reported, AdapterKind]>([
    [hopper, "discrete"],
    [reported("NVIDIA Tegra Orin (nvgpu)", "nvidia"), "integrated"],
    [xe, "integrated"],
    [reported("Intel(R) Arc(TM) A770 Graphics (DG2)", "intel"), "discrete"],
    [reported("Intel(R) Arc(TM) Graphics (MTL)", "intel"), "integrated"],
    [reported("AMD Radeon RX 7900 XTX (RADV NAVI31)", "amd"), "discrete"],
    [reported("AMD Radeon Graphics (RADV RENOIR)", "amd"), "integrated"],
    [reported("AMD Radeon 780M (RADV PHOENIX)", "amd"), "integrated"],
    [reported("Apple M2 Max", "apple", { backend: "metal" }), "integrated"],
    ...["NVIDIA GeForce RTX 4090", "NVIDIA GH200 480GB", "Quadro P2000"].map(
      (name) => [reported(name, "nvidia"), "discrete"] as const,
    ),
    ...["NVIDIA GB10", "NVIDIA Thor"].map(
      (name) => [reported(name, "nvidia"), "integrated"] as const,
    ),
    ...[
      "Intel(R) Arc(TM) A770M Graphics",
      "Intel(R) Arc(TM) A370M Graphics",
      "Intel(R) Arc(TM) B580 Graphics",
      "Intel(R) Arc(TM) Pro A60 Graphics",
      "Intel(R) Arc(TM) Pro B50 Graphics",
      "Intel(R) Iris(R) Xe MAX Graphics (DG1)",
      "Intel(R) Graphics (BMG G21)",
      "Intel(R) Data Center GPU Flex 170",
      "Intel(R) Data Center GPU Max 1550",
    ].map((name) => [reported(name, "intel"), "discrete"] as const),
    ...[
      "Intel(R) Arc(TM) B390 GPU",
      "Intel(R) Arc(TM) 140V GPU (16GB)",
      "Intel(R) UHD Graphics 770 (ADL-S GT1)",
    ].map((name) => [reported(name, "intel"), "integrated"] as const),
    ...[
      "AMD Radeon RX 6700M",
      "AMD Radeon RX 6600S",
      "AMD Radeon Pro 5500M",
      "Radeon RX Vega",
      "AMD Radeon Graphics (RADV GFX1201)",
      "AMD Radeon Pro W7900 (RADV NAVI31)",
      "AMD Instinct MI300X (RADV GFX942)",
    ].map((name) => [reported(name, "amd"), "discrete"] as const),
    ...[
      "AMD Custom GPU 0405 (RADV VANGOGH)",
      "AMD RADV RENOIR (ACO)",
      "AMD Radeon(TM) 780M",
      "AMD Radeon(TM) 890M Graphics",
      "AMD Radeon(TM) 8060S Graphics",
      "AMD Radeon 8060S (RADV GFX1151)",
      "AMD Radeon(TM) RX Vega 10 Graphics",
      "AMD Radeon(TM) R7 Graphics",
      "AMD Radeon R5 Graphics (RADV CARRIZO)",
      "AMD Radeon(TM) Graphics",
    ].map((name) => [reported(name, "amd"), "integrated"] as const),
    [reported("Microsoft Direct3D12 (NVIDIA GeForce RTX 4090)", "microsoft"), "discrete"],
    [reported("Microsoft Direct3D12 (Intel(R) UHD Graphics)", "microsoft"), "integrated"],
    [reported("Virtio-GPU Venus (AMD Radeon RX 7900 XTX (RADV NAVI31))", "mesa"), "discrete"],
    [reported("Adreno (TM) 740", "qualcomm"), "integrated"],
    [llvmpipe, "software"],
    [swiftShader, "software"],
    [reported("Microsoft Basic Render Driver", "microsoft", { backend: "d3d12" }), "software"],
  ])("$name is $kind", (given, kind) => {
    expect(rankAdapters([given])[0]?.kind).toBe(kind);
  });

  it("are listed once each, cards first and programs last", () => {
    const twice = reported(hopper.name, "nvidia", { backend: "opengles" });
    const again = reported(xe.name, "intel", { backend: "d3d11" });
    const ranked = rankAdapters([llvmpipe, again, twice, xe, hopper, swiftShader]);
    expect(ranked.map(describeAdapter)).toEqual([
      "NVIDIA H100 80GB HBM3 (Vulkan)",
      "Intel(R) Iris(R) Xe Graphics (TGL GT2) (Vulkan)",
      "llvmpipe (LLVM 19.1.7, 256 bits) (Vulkan, software)",
      "SwiftShader Device (Subzero) (Vulkan, software)",
    ]);
  });

  it("are picked by a part of their names, or the best of them", () => {
    const ranked = rankAdapters([swiftShader, xe, hopper]);
    expect(pickAdapter(ranked).name).toBe(hopper.name);
    expect(pickAdapter(ranked, "iris").name).toBe(xe.name);
    expect(pickAdapter(ranked, "SWIFT").name).toBe(swiftShader.name);
    expect(() => pickAdapter(ranked, "radeon")).toThrow(
      expect.objectContaining({
        message: 'no GPU here has "radeon" in its name',
        help:
          "`--device` takes a part of one of these names: NVIDIA H100 80GB HBM3 (Vulkan); " +
          "Intel(R) Iris(R) Xe Graphics (TGL GT2) (Vulkan); SwiftShader Device (Subzero) (Vulkan, software)",
      }),
    );
  });

  it("that are programs are taken by their names alone", () => {
    const ranked = rankAdapters([swiftShader]);
    expect(() => pickAdapter(ranked)).toThrow(
      "there is no GPU: SwiftShader Device (Subzero) (Vulkan, software) computes on the processor",
    );
    expect(pickAdapter(ranked, "swiftshader").kind).toBe("software");
    expect(() => pickAdapter([])).toThrow("there is no GPU adapter");
  });

  it("decide whether auto takes webgpu", () => {
    const found = (...given: Reported[]) =>
      availabilityOf({
        entry: "",
        version: "0.6.2",
        adapters: rankAdapters(given),
        passedOver: [],
      });
    expect(found(hopper, swiftShader)).toEqual({
      available: true,
      detail:
        "on NVIDIA H100 80GB HBM3 (Vulkan), by Dawn 0.6.2; " +
        "`--device` also takes SwiftShader Device (Subzero) (Vulkan, software)",
    });
    expect(found(xe)).toMatchObject({
      available: true,
      passedBy: "Intel(R) Iris(R) Xe Graphics (TGL GT2) (Vulkan) shares the processor's memory",
    });
    expect(found(swiftShader).available).toBe(false);
    expect(found()).toMatchObject({ available: false, detail: "no GPU adapter" });
  });
});

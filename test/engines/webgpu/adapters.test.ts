import { describe, expect, it } from "vitest";
import {
  describeAdapter,
  pickAdapter,
  rankAdapters,
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
  it.each([
    [hopper, "discrete"],
    [reported("NVIDIA Tegra Orin (nvgpu)", "nvidia"), "integrated"],
    [xe, "integrated"],
    [reported("Intel(R) Arc(TM) A770 Graphics (DG2)", "intel"), "discrete"],
    [reported("Intel(R) Arc(TM) Graphics (MTL)", "intel"), "integrated"],
    [reported("AMD Radeon RX 7900 XTX (RADV NAVI31)", "amd"), "discrete"],
    [reported("AMD Radeon Graphics (RADV RENOIR)", "amd"), "integrated"],
    [reported("AMD Radeon 780M (RADV PHOENIX)", "amd"), "integrated"],
    [reported("Apple M2 Max", "apple", { backend: "metal" }), "integrated"],
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

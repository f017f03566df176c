/** Devices that are given back in the middle of their work take neither the process nor the next device with them. */
import { describe, expect, it } from "vitest";
import { runScript } from "../../scripts/run-script.js";
import { testDevice, withoutDevice } from "./device.js";

describe.skipIf(testDevice === undefined)(
  `a device that is given back under its work${withoutDevice}`,
  { timeout: 300_000 },
  () => {
    it("leaves the process and the next device whole, 40 times, and the process ends", async () => {
      const { status, stdout } = await runScript("test/engines/webgpu/give-back.ts", []);
      expect([status, stdout]).toEqual([0, "whole\n"]);
    });
  },
);

/** A process that goes on, as the language server does, can hear of settings that came later. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { forgetFormatSettings, formatSettings } from "../../src/host/format-settings.js";
import { temporaryFolder } from "../train/temporary-folder.js";

test("settings that are written later are found once what was known is forgotten", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "net.resnet");
  expect((await formatSettings(path)).layout).toEqual({});
  for (const tabWidth of [4, 8]) {
    writeFileSync(join(folder, ".prettierrc"), JSON.stringify({ tabWidth }));
    await forgetFormatSettings();
    expect((await formatSettings(path)).layout.tabWidth).toBe(tabWidth);
  }
});

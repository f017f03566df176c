/** The sound files that are broken: every spec that ships, the standard blocks, and the tests' own. */
import { globSync } from "tinyglobby";
import type { Source } from "./survey.js";

/** @returns paths relative to the repository, which is the working directory. */
export function sources(): readonly Source[] {
  const specs = globSync(["specs/*.resnet", "test/check/valid/*.resnet", ...others]).sort();
  return [
    ...specs.map((path) => ({ path, specs: [path] })),
    // The blocks are no network: they are checked where networks use them.
    { path: "std/blocks.resnet", specs: blockUsers },
  ];
}

const others = ["test/graph/fixtures/*.resnet", "scripts/bench/train/*.resnet"];

const blockUsers = ["test/check/valid/standard-blocks.resnet"];

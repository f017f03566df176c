/** The pictures of the documentation: each a network as `resnetc diagram` draws it. */
import { join } from "node:path";
import { diagramSpec, type DiagramOptions } from "../../src/api/diagram.js";

interface Drawn {
  readonly spec: string;
  readonly options: DiagramOptions;
}

const pictures: Readonly<Record<string, Drawn>> = {
  "resnet18.svg": { spec: "resnet18.resnet", options: {} },
  "resnet152.svg": { spec: "resnet152.resnet", options: {} },
  "quickstart.svg": { spec: "quickstart.resnet", options: { direction: "right" } },
  "quickstart-full.svg": { spec: "quickstart.resnet", options: { view: "full" } },
};

/** Every picture with its path from the root of the repository. */
export function documentationPictures(root: string): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(pictures).map(([name, { spec, options }]) => [
      join("docs", "images", name),
      diagramSpec(join(root, "specs", spec), options),
    ]),
  );
}

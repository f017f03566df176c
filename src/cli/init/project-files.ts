/** The files around a spec that `resnetc init` makes: configuration, workflow, what git passes over, a page on it all. */
import type { NewFile } from "../../storage/new-files.js";
import type { Data } from "./template.js";

export interface ProjectRequest {
  /** The spec, relative to the project's folder. */
  readonly spec: string;
  readonly network: string;
  readonly version: string;
  readonly trains: boolean;
  readonly data?: Data;
  /** How many classes the images of a folder have, where the recipe reads one. */
  readonly folderClasses?: number;
}

export const gitignoreLines = ["node_modules/", "runs/", "build/"] as const;

/** The files with their paths relative to the project's folder, in the order in which they are told. */
export function projectFiles(request: ProjectRequest): readonly NewFile[] {
  return [
    { path: "resnet.config.json", text: configuration(request) },
    { path: ".github/workflows/specs.yml", text: workflow(request) },
    { path: "README.md", text: readme(request) },
  ];
}

function configuration({ folderClasses }: ProjectRequest): string {
  const value = {
    $schema: "./node_modules/resnetc/schema/resnet.config.schema.json",
    ...(folderClasses !== undefined && { datasets: { images: { classes: folderClasses } } }),
    rules: {},
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function workflow({ version }: ProjectRequest): string {
  return `# Checks every spec: that all shortcuts fit, and what the linter's rules say, and the layout.
name: specs

on:
  push:
  pull_request:

permissions:
  contents: read

jobs:
  specs:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 20
      - run: npm install --no-save resnetc@${version}
      - run: npx resnetc check "specs/**/*.resnet"
      - run: npx resnetc lint specs --format github
      - run: npx resnetc fmt --check specs
`;
}

function readme({ spec, network, trains, data }: ProjectRequest): string {
  const training = trains ? [`npx resnetc train ${spec}`] : [];
  const commands = [
    `npx resnetc check ${spec}`,
    "npx resnetc lint specs",
    `npx resnetc summary ${spec}`,
    ...training,
  ];
  const reads = data === undefined ? "" : `Training reads \`${data.path}\`: ${data.what}.\n\n`;
  return `# ${network}

\`${spec}\` describes the network in the language of resnetc, the compiler for residual networks.

\`\`\`sh
npm install --no-save resnetc
${commands.join("\n")}
\`\`\`

${reads}\`resnet.config.json\` says which rules hold for the specs; \`.github/workflows/specs.yml\` checks them with
every push. What training leaves goes into \`runs/\`, which git passes over.
`;
}

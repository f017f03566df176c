/** The import rules of the house (docs/architecture.md): one direction, no cycles, pure rooms stay pure. */

/** In the order in which data flows: a room imports only from itself and from rooms before it. */
const rooms = [
  "source",
  "random",
  "markup",
  "diagnostics",
  "syntax",
  "format",
  "shapes",
  "ops",
  "graph",
  "recipe",
  "check",
  "names",
  "lint",
  "compare",
  "diagram",
  "passes",
  "storage",
  "backends",
  "engines",
  "train",
  "report",
  "pages",
  "host",
  "api",
  "lsp",
  "cli",
];

/** Text in, data out: no file system, no process, no tensors. */
const pure = rooms.slice(0, rooms.indexOf("storage"));

const inRooms = (names) => `^src/(${names.join("|")})/`;

const direction = rooms.slice(0, -1).map((room, index) => ({
  name: `${room}-imports-only-what-is-before-it`,
  severity: "error",
  from: { path: `^src/${room}/` },
  to: { path: inRooms(rooms.slice(index + 1)) },
}));

module.exports = {
  forbidden: [
    ...direction,
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "pure-rooms-touch-no-system",
      severity: "error",
      from: { path: inRooms(pure) },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "tensors-only-in-backends-and-engines",
      severity: "error",
      from: { path: "^src/", pathNot: inRooms(["backends", "engines"]) },
      to: { path: "@tensorflow/" },
    },
    {
      name: "images-only-in-train-report-and-pages",
      severity: "error",
      from: { path: "^src/", pathNot: inRooms(["train", "report", "pages"]) },
      to: { path: "node_modules/sharp/" },
    },
    {
      name: "backends-do-not-know-each-other",
      severity: "error",
      from: { path: "^src/backends/([^/]+)/" },
      to: { path: "^src/backends/", pathNot: "^src/backends/$1/" },
    },
    {
      name: "nothing-unknown",
      severity: "error",
      from: { path: "^src/" },
      to: { couldNotResolve: true, pathNot: "^@tensorflow/tfjs-node" },
    },
    {
      name: "only-declared-packages",
      severity: "error",
      from: { path: "^src/" },
      to: {
        dependencyTypes: ["npm-no-pkg", "npm-dev", "unknown"],
        pathNot: "^@tensorflow/tfjs-node",
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "node"],
    },
  },
};

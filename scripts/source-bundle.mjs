/** How sources of this repository are bundled to run at once, from a folder that has the packages within reach. */

/** Settings of esbuild. */
export const sourceBundle = /** @type {const} */ ({
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "node20",
  logLevel: "warning",
});

/** What a training run starts and reads, which lies beside its bundle: sources by the names of their bundles. */
export const besideTraining = /** @type {const} */ ({
  "data-worker": "src/train/data/worker.ts",
  "data-decoder": "src/train/data/decoder.ts",
  "page-script": "src/report/page-script.js",
});

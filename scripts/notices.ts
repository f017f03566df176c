/** The licences of the packages whose code is in a bundle, as these ask for. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/**
 * @param root what the inputs' paths are relative to.
 * @param inputs the files that were bundled.
 * @returns a text with every package's name, version, and licence.
 * @throws Error where a package has no licence to show.
 */
export function noticesOf(root: string, inputs: readonly string[]): string {
  const folders = new Set(inputs.flatMap((input) => packageFolder(resolve(root, input)) ?? []));
  const notices = [...folders].map((folder) => noticeOf(folder)).sort();
  return [...new Set(notices)].join(`\n${"-".repeat(80)}\n\n`);
}

/** The folder of the package of `node_modules` that a file is of. */
function packageFolder(file: string): string | undefined {
  if (!file.includes("node_modules")) return undefined;
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest) && nameAndVersion(manifest) !== undefined) return folder;
  }
  return undefined;
}

/** Folders inside a package may have manifests without a name. */
function nameAndVersion(manifest: string): string | undefined {
  const { name, version } = JSON.parse(readFileSync(manifest, "utf8")) as Readonly<
    Record<string, string | undefined>
  >;
  return name === undefined || version === undefined ? undefined : `${name} ${version}`;
}

function noticeOf(folder: string): string {
  const title = nameAndVersion(join(folder, "package.json")) ?? folder;
  const files = readdirSync(folder).filter((name) => /^(licen[cs]e|notice)/i.test(name));
  if (files.length === 0) {
    const { license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      readonly license?: string;
    };
    if (license === undefined) throw new Error(`${title} has no licence.`);
    return `${title}\n\nLicence: ${license}\n`;
  }
  const texts = files.map((name) => readFileSync(join(folder, name), "utf8").trim());
  return `${title}\n\n${texts.join("\n\n")}\n`;
}

/**
 * Folders in which networks of timm are published and saved (timm/models/_hub.py, `save_for_hf`): the weights, and beside
 * them a `config.json` that says how images are prepared for them and, where they have names, the classes.
 */
import { dirname, join } from "node:path";
import { errorCode } from "../../storage/error-code.js";
import { readRegularFile } from "../../storage/regular-file.js";
import type { Preprocessing } from "../../recipe/recipe.js";
import { isRecord, isStrings } from "../json-values.js";
import { isStoredPreprocess } from "../stored-recipe.js";

/** Names of files of weights in such folders, those that are taken first before the others. */
export const hubWeights = ["model.safetensors", "pytorch_model.bin"] as const;

export const configName = "config.json";

export interface HubConfig {
  /** A name for each class. */
  readonly classes?: readonly string[];
  /** What timm does with images before it evaluates, where that can be said in steps. */
  readonly preprocess?: readonly Preprocessing[];
}

/** What the `config.json` beside a file of weights says; nothing where there is none, or it is not timm's. */
export async function configBeside(path: string): Promise<HubConfig> {
  let config: unknown;
  try {
    config = JSON.parse((await readRegularFile(join(dirname(path), configName))).toString());
  } catch (error) {
    // Another program's, or none that can be read: the weights are what was asked for.
    if (error instanceof SyntaxError || errorCode(error) !== undefined) return {};
    throw error;
  }
  if (!isRecord(config) || !isRecord(config["pretrained_cfg"])) return {};
  const pretrained = config["pretrained_cfg"];
  const classes = config["label_names"] ?? pretrained["label_names"];
  const count = config["num_classes"] ?? pretrained["num_classes"];
  const preprocess = stepsOf(pretrained);
  return {
    ...(isStrings(classes) && classes.length === count && { classes }),
    ...(preprocess && { preprocess }),
  };
}

/** The share of an image's side that is looked at, where nothing says it. */
const usualShare = 0.875;

/**
 * The steps of timm/data/transforms_factory.py, `transforms_imagenet_eval`; nothing where they pad, or interpolate by
 * neither lines nor cubics.
 */
function stepsOf(config: Readonly<Record<string, unknown>>): readonly Preprocessing[] | undefined {
  const { input_size: size, crop_pct: crop, crop_mode: mode, interpolation, mean, std } = config;
  if (!Array.isArray(size) || size.length !== 3) return undefined;
  const way = interpolation ?? "bicubic";
  if (way !== "bicubic" && way !== "bilinear") return undefined;
  const [, height, width] = size.map(Number) as [number, number, number];
  const share = crop === undefined || crop === null ? usualShare : Number(crop);
  const resampling = way === "bicubic" ? { bicubic: true } : {};
  const scaled = (extent: number): number => Math.floor(extent / share);
  const resized = { kind: "resize", height: scaled(height), width: scaled(width) };
  const shorter = { kind: "shorter", side: scaled(height) };
  const isSquashed = mode === "squash";
  const isCentred = (mode ?? "center") === "center" && height === width;
  if (!isSquashed && !isCentred) return undefined;
  const steps: unknown = [
    { ...(isSquashed ? resized : shorter), ...resampling },
    { kind: "centercrop", height, width },
    { kind: "normalize", mean, std },
  ];
  return isStoredPreprocess(steps) ? steps : undefined;
}

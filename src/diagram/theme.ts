/**
 * The colours of a picture, light and dark. A stage has the colour that He et al. 2015, Figure 3, gives it, or one
 * near it, and a sixth stage begins anew.
 */
import type { Tone } from "./diagram.js";

export const themeNames = ["light", "dark", "auto"] as const;
export type ThemeName = (typeof themeNames)[number];
export type Light = "light" | "dark";

export interface ToneColours {
  /** The box's ground. */
  readonly fill: string;
  /** Its border, and the frame of its region. */
  readonly stroke: string;
  /** Text on the ground. */
  readonly ink: string;
}

export interface Surroundings {
  readonly ground: string;
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
}

/** Tones by the names of their classes. */
const tones: Readonly<Record<Light, Readonly<Record<string, ToneColours>>>> = {
  light: {
    plain: { fill: "#f1f3f6", stroke: "#8a94a5", ink: "#1f2733" },
    stem: { fill: "#fde7c7", stroke: "#c98316", ink: "#3d2803" },
    stage0: { fill: "#e6ddfa", stroke: "#7c5cc4", ink: "#2a1659" },
    stage1: { fill: "#d5efd9", stroke: "#3c9150", ink: "#0c3517" },
    stage2: { fill: "#fbdcdc", stroke: "#c7514f", ink: "#4b0f0f" },
    stage3: { fill: "#d6e6fb", stroke: "#3f78c5", ink: "#0b2a55" },
    stage4: { fill: "#cfeeee", stroke: "#2b8c8f", ink: "#063435" },
    stage5: { fill: "#f7dcef", stroke: "#b5559a", ink: "#450f36" },
    head: { fill: "#e9ecc9", stroke: "#8a8f1f", ink: "#2e3006" },
  },
  dark: {
    plain: { fill: "#262c36", stroke: "#7d889b", ink: "#e3e8f0" },
    stem: { fill: "#463214", stroke: "#d59a3c", ink: "#fdebcf" },
    stage0: { fill: "#352a58", stroke: "#9d83e0", ink: "#ece5ff" },
    stage1: { fill: "#1d4027", stroke: "#58b06c", ink: "#dcf5e1" },
    stage2: { fill: "#522525", stroke: "#e07a77", ink: "#ffe4e3" },
    stage3: { fill: "#1f3a61", stroke: "#6a9fe6", ink: "#e0edff" },
    stage4: { fill: "#154245", stroke: "#4fb3b6", ink: "#d8f5f5" },
    stage5: { fill: "#4d2444", stroke: "#d67cbc", ink: "#fde4f5" },
    head: { fill: "#3b3d14", stroke: "#b4b945", ink: "#f4f6d8" },
  },
};

export const surroundings: Readonly<Record<Light, Surroundings>> = {
  light: { ground: "#ffffff", ink: "#1a1f29", soft: "#5b6474", line: "#4b5566" },
  dark: { ground: "#171b22", ink: "#e7eaf0", soft: "#9aa4b5", line: "#a7b1c2" },
};

/** How many colours the stages take turns in. */
const stageColours = 6;

/** The class of a tone: `stem`, `stage0`, … */
export function toneName(tone: Tone): string {
  return typeof tone === "string" ? tone : `stage${tone.stage % stageColours}`;
}

/** Every tone's class. */
export const toneNames: readonly string[] = Object.keys(tones.light);

/** The colours of a tone by the name of its class. @throws RangeError for a name that is none. */
export function toneColours(light: Light, name: string): ToneColours {
  const colours = tones[light][name];
  if (colours === undefined) throw new RangeError(`there is no tone ${name}`);
  return colours;
}

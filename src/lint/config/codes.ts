/** The codes of what can be wrong with a resnet.config.json; each has a page beside those of the compiler's errors. */
export const configCodes = [
  "config-file",
  "config-syntax",
  "config-setting",
  "config-rule",
  "config-extends",
] as const;

export type ConfigCode = (typeof configCodes)[number];

export function isConfigCode(code: string): code is ConfigCode {
  return (configCodes as readonly string[]).includes(code);
}

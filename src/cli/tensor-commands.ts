/** The commands that run tensors or read data: everything that is too large to load for a check. */
export { compileCommand } from "./compile-command.js";
export { dataCommand } from "./data-command.js";
export { enginesCommand } from "./engines-command.js";
export { evalCommand } from "./eval-command.js";
export { exportCommand } from "./export-command.js";
export { predictCommand } from "./predict-command.js";
export { profileCommand } from "./profile-command.js";
export { trainCommand } from "./train-command.js";

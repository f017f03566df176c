/** Every rule of the linter, in the order of `--list-rules`: the list reads as what the linter asks of a spec. */
import type { Rule, RuleFacts } from "./rule.js";
import { rule as biasBeforeBatchnorm } from "./rules/bias-before-batchnorm.js";
import { rule as channelMultiple } from "./rules/channel-multiple.js";
import { rule as needlessProjection } from "./rules/needless-projection.js";
import { suppressionRules } from "./suppression.js";

/** The rules that look at specs. */
export const rules: readonly Rule[] = [biasBeforeBatchnorm, channelMultiple, needlessProjection];

/** Those and the rules about suppressions: all names that a configuration may set. */
export const everyRule: readonly RuleFacts[] = [...rules, ...suppressionRules];

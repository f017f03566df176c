/** Every rule of the linter, in the order of `--list-rules`: the list reads as what the linter asks of a spec. */
import type { Rule, RuleFacts } from "./rule.js";
import { rule as activatedLogits } from "./rules/activated-logits.js";
import { rule as batchnormMomentum } from "./rules/batchnorm-momentum.js";
import { rule as biasBeforeBatchnorm } from "./rules/bias-before-batchnorm.js";
import { rule as channelMultiple } from "./rules/channel-multiple.js";
import { rule as channelsFirstInput } from "./rules/channels-first-input.js";
import { rule as classesMatchData } from "./rules/classes-match-data.js";
import { rule as downsampleWithoutWidening } from "./rules/downsample-without-widening.js";
import { rule as engineCannotRun } from "./rules/engine-cannot-run.js";
import { rule as groupsDivideChannels } from "./rules/groups-divide-channels.js";
import { rule as looseExpect } from "./rules/loose-expect.js";
import { rule as missingActivation } from "./rules/missing-activation.js";
import { rule as missingExpect } from "./rules/missing-expect.js";
import { rule as missingNormalisation } from "./rules/missing-normalisation.js";
import { rule as multipliedWindow } from "./rules/multiplied-window.js";
import { rule as needlessProjection } from "./rules/needless-projection.js";
import { rule as normaliseForData } from "./rules/normalise-for-data.js";
import { rule as paperConformance } from "./rules/paper-conformance.js";
import { rule as rateForBatch } from "./rules/rate-for-batch.js";
import { rule as residualWithoutContext } from "./rules/residual-without-context.js";
import { rule as residualZeroInit } from "./rules/residual-zero-init.js";
import { rule as settingsCancel } from "./rules/settings-cancel.js";
import { rule as shadowedName } from "./rules/shadowed-name.js";
import { rule as strideInBottleneck } from "./rules/stride-in-bottleneck.js";
import { rule as swallowedCode } from "./rules/swallowed-code.js";
import { rule as unusedBlock } from "./rules/unused-block.js";
import { rule as unusedImport } from "./rules/unused-import.js";
import { rule as unusedName } from "./rules/unused-name.js";
import { rule as unusedParameter } from "./rules/unused-parameter.js";
import { rule as wastedBorder } from "./rules/wasted-border.js";
import { rule as windowOnOnePixel } from "./rules/window-on-one-pixel.js";
import { suppressionRules } from "./suppression.js";

/** The rules that look at specs. */
export const rules: readonly Rule[] = [
  groupsDivideChannels,
  classesMatchData,
  paperConformance,
  engineCannotRun,
  channelsFirstInput,
  activatedLogits,
  batchnormMomentum,
  swallowedCode,
  multipliedWindow,
  windowOnOnePixel,
  wastedBorder,
  unusedParameter,
  residualWithoutContext,
  missingNormalisation,
  missingActivation,
  strideInBottleneck,
  biasBeforeBatchnorm,
  downsampleWithoutWidening,
  residualZeroInit,
  rateForBatch,
  normaliseForData,
  settingsCancel,
  channelMultiple,
  needlessProjection,
  looseExpect,
  missingExpect,
  unusedImport,
  unusedBlock,
  unusedName,
  shadowedName,
];

/** Those and the rules about suppressions: all names that a configuration may set. */
export const everyRule: readonly RuleFacts[] = [...rules, ...suppressionRules];

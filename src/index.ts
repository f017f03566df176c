/**
 * The programmatic API: everything that the command does, callable. Specs are named as on the command
 * line, `FILE` or `FILE#Network`; what is wrong with one is thrown as a SpecError, except by `check`,
 * whose report holds it. TensorFlow.js is loaded by the calls that run tensors.
 */
export { checkReport as check } from "./api/check.js";
export { compileSpec as compile } from "./api/compile.js";
export { diagramSpec as diagram } from "./api/diagram.js";
export { diffSpecs as diff } from "./api/diff.js";
export { docsOfSpecs as docs } from "./api/docs.js";
export { diffFiles } from "./api/diff-files.js";
export { engineReport as engines } from "./api/engines.js";
export { exportSpec as exportModel } from "./api/export.js";
export { evaluateSpec as evaluate } from "./api/evaluate.js";
export { explain, explainedNames } from "./api/explain.js";
export { fixSpecs as fix, writeFixes } from "./api/fix.js";
export { formatEdits, formatSpec as format } from "./api/format.js";
export { formatFiles } from "./api/format-files.js";
export { fixLint, lintSpecs as lint } from "./api/lint.js";
export { loadNetwork } from "./api/load-network.js";
export { predictFiles as predict } from "./api/predict.js";
export { profileSpec as profile } from "./api/profile.js";
export { surveyData } from "./api/survey.js";
export { summarySpec as summary } from "./api/summary-spec.js";
export { trainSpec as train } from "./api/train.js";
export { SpecError, UsageError } from "./api/errors.js";
export { ConfigError } from "./host/project-config.js";
export { CheckpointError, TrainingError, WriteError } from "./train/errors.js";
export { ReportError } from "./report/errors.js";
export { ReplacementError } from "./storage/text-replacement.js";
export { DataError } from "./train/data/data-set.js";
export { EngineError, EngineUnavailableError } from "./engines/engine.js";
export { GitError } from "./host/git.js";
export { GitHost } from "./host/git-host.js";
export { NodeHost } from "./host/node-host.js";
export { SourceFile } from "./source/source.js";
export { printGraph } from "./graph/print.js";
export { renderDiagnostics } from "./diagnostics/pretty.js";
export { diagnosticsToJson } from "./diagnostics/json.js";

export type { AdmissibleSizes, WiderSizes } from "./api/admissible-sizes.js";
export type { CheckOptions, CheckReport, NetworkReport, SpecOptions } from "./api/check.js";
export type { Compiled, CompiledFile, CompileOptions } from "./api/compile.js";
export type { DiagramFormat, DiagramOptions } from "./api/diagram.js";
export type { DiffOptions, DiffReport, RecipeDiff } from "./api/diff.js";
export type { ChangedSpec } from "./api/changed-specs.js";
export type { DiffFilesOptions, DiffFilesReport, FileDiff, LoneNetwork } from "./api/diff-files.js";
export type { CheckpointFit } from "./api/diff-checkpoint.js";
export type { SidePlace } from "./api/diff-side.js";
export type { Docs, DocsOptions } from "./api/docs.js";
export type { EngineReport, EngineState } from "./api/engines.js";
export type { EvaluateOptions, EvaluationReport, SplitName } from "./api/evaluate.js";
export type {
  ExportedModel,
  ExportedValue,
  ExportFormat,
  ExportOnnxOptions,
  ExportOptions,
  ExportSafetensorsOptions,
} from "./api/export.js";
export type { ExportedWeights, WeightNames } from "./api/export-weights.js";
export type { ExplainedName, Explanation } from "./api/explain.js";
export type { WeightReport } from "./api/given-weights.js";
export type { FixedPlace, FixOptions, FixReport } from "./api/fix.js";
export type { FormatOptions, TextRange } from "./api/format.js";
export type { FormatFilesOptions, FormatState, FormattedFile } from "./api/format-files.js";
export type { GivenRule } from "./api/given-rules.js";
export type { LintedFile, LintFixReport, LintOptions, LintReport } from "./api/lint.js";
export type { LoadedNetwork, LoadOptions } from "./api/load-network.js";
export type { PredictSpecOptions as PredictOptions } from "./api/predict.js";
export type { ProfileReport, ProfileSpecOptions as ProfileOptions } from "./api/profile.js";
export type { Sees } from "./graph/receptive-field.js";
export type { LayerRow, Summary, SummaryRow } from "./graph/summary.js";
export type { DataReport, SplitReport, SurveyOptions } from "./api/survey.js";
export type { DataFault } from "./train/survey/fit-faults.js";
export type { ImagePlace, RepeatedImage } from "./train/survey/repeated-images.js";
export type { SizeCount } from "./train/survey/survey-split.js";
export type { ChannelStatistics } from "./train/survey/channel-statistics.js";
export type { SummaryOptions } from "./api/summary-spec.js";
export type {
  PageEvent,
  PreparedEvent,
  ReportEvent,
  RunEvent,
  WarningEvent,
} from "./api/run-events.js";
export type { TrainSpecOptions as TrainOptions } from "./api/train.js";
export type { TrainedOptions } from "./api/trained.js";
export type { GivenValue, GivenValues, SpecValue } from "./api/values.js";
export type { Layout as ImageLayout } from "./backends/onnx/layout.js";
export type { ReadResult, SourceHost } from "./check/host.js";
export type { NetworkComparison } from "./compare/compare.js";
export type {
  Applicability,
  Diagnostic,
  Edit,
  Help,
  Label,
  SuppressedFinding,
} from "./diagnostics/diagnostic.js";
export type { RenderOptions } from "./diagnostics/pretty.js";
export type { Direction as DiagramDirection } from "./diagram/direction.js";
export type { ViewName as DiagramView } from "./diagram/diagram.js";
export type { ThemeName as DiagramTheme } from "./diagram/theme.js";
export type { JsonDiagnostic, JsonHelp, JsonSuppressed } from "./diagnostics/json.js";
export type { Availability, EngineName, NamedTensor } from "./engines/engine.js";
export type { Graph, Node, Origin, Output, Region, SymbolSizes } from "./graph/graph.js";
export type { RuleSetting } from "./lint/lint.js";
export type { SitePage } from "./pages/site.js";
export type { SizeSet } from "./shapes/index.js";
export type { Recipe } from "./recipe/recipe.js";
export type { TrainEvent, TrainResult } from "./train/events.js";
export type { Evaluation } from "./train/evaluate.js";
export type { EpochRecord } from "./train/history.js";
export type { Candidate, Prediction } from "./train/predict.js";
export type { HeadChoice } from "./train/weights/heads.js";

// What those are made of, so that whatever a call gives can be named.
export type { WeightOptions } from "./api/network-weights.js";
export type { KindTime, NodeTime, StageTime, StepReport } from "./api/step-report.js";
export type { Dimension, ElementType, OnnxValue } from "./backends/onnx/model.js";
export type { Pair as ChangedPair } from "./compare/alignment.js";
export type { Both, HeadChange } from "./compare/compare.js";
export type {
  PartQuantities as PartMeasures,
  Quantities as NetworkMeasures,
} from "./compare/quantities.js";
export type { SettingChange } from "./compare/recipes.js";
export type { Change as StructureChange } from "./compare/structure.js";
export type { ReshapedTensor, WeightFit, WeightVerdict } from "./compare/weights.js";
export type { Code as DiagnosticCode, Severity } from "./diagnostics/catalog.js";
export type { RuleName } from "./diagnostics/diagnostic.js";
export type { JsonPlace } from "./diagnostics/json.js";
export type { ExampleRole, Page, PageBlock, PageCode } from "./diagnostics/page.js";
export type { Batch, Mix } from "./engines/engine.js";
export type { Peaks, WorkKind } from "./engines/step-profile.js";
export type { NodeOf } from "./graph/graph.js";
export type { Part as NetworkPart, Quantities } from "./graph/summary.js";
export type { PageKind } from "./host/page-files.js";
export type { WrittenRule } from "./lint/config/config.js";
export type { RuleLevel } from "./lint/rule.js";
export type {
  BatchNormAttributes,
  ConvAttributes,
  OpAttributes,
  OpName,
  Pair,
  PoolAttributes,
} from "./ops/attributes.js";
export type {
  AdamSettings,
  Augmentation,
  BestBy,
  BinaryCrossEntropy,
  CrossEntropy,
  DataReference,
  Freeze,
  Loss,
  Mixing,
  Optimizer,
  Preprocessing,
  Rates,
  Resampling,
  Schedule,
  Sizes,
  Stop,
} from "./recipe/recipe.js";
export type { Condition, Domain } from "./shapes/domain.js";
export type { Extent, SymbolicExtent } from "./shapes/extent.js";
export type { Range as SizeRange } from "./shapes/ranges.js";
export type { Step as ExtentStep } from "./shapes/step.js";
export type { TensorType } from "./shapes/tensor-type.js";
export type { Position, Span } from "./source/source.js";
export type { TextReplacement } from "./storage/text-replacement.js";
export type { Turn } from "./train/checkpoint.js";
export type { ClassAccuracy } from "./train/evaluate.js";
export type { ClassWeight, Validation } from "./train/events.js";
export type { RunValue } from "./train/given.js";
export type { Best } from "./train/history.js";
export type { DeepImages, PoorImages } from "./train/survey/deep-images.js";
export type { SampleFault, SplitSurvey } from "./train/survey/survey-split.js";
export type { Mistake, Sample } from "./train/tally.js";
export type { WeightForm } from "./train/weights/weight-file.js";

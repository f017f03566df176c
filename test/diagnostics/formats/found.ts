/** Findings of every kind, with everything in them that a format could write wrongly. */
import { finding, type Diagnostic } from "../../../src/diagnostics/diagnostic.js";
import type { FoundFile } from "../../../src/diagnostics/formats/found-file.js";
import { SourceFile } from "../../../src/source/source.js";

const text = 'first line\n\tsecond "line" <b> & \u0001 ü 🙂 ]]> %\nthird\n';
export const hostile = new SourceFile("nets/a, b: 100%/ü#?.resnet", text);
export const outside = new SourceFile("/elsewhere/std/blocks.resnet", "block A {}\n");

const full: Diagnostic = finding(
  "some-rule",
  "warning",
  'a "quoted" <message> & 100%, with: colons\u0007',
  hostile.span(12, 20),
  {
    label: "a label",
    related: [{ span: outside.span(0, 5), text: "written here" }],
    notes: ["in one place\nof two lines"],
    help: {
      text: "do otherwise",
      edits: [
        { span: hostile.span(0, 5), text: "" },
        { span: hostile.span(12, 18), text: "<x>" },
      ],
    },
  },
);

const suppressed = finding("quiet-rule", "warning", "taken back", hostile.span(6, 10));

export const files: readonly FoundFile[] = [
  {
    file: hostile.path,
    diagnostics: [
      full,
      { ...full, severity: "info" },
      finding("R0301", "error", "over two lines", hostile.span(4, 30)),
      finding("R0001", "error", "of the file as a whole", undefined),
    ],
    suppressed: [
      { finding: suppressed, reason: 'it is "meant" <so>', comment: hostile.span(0, 10) },
    ],
  },
  { file: "clean.resnet", diagnostics: [] },
];

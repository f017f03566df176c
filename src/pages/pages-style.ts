/** How the pages of specs look, beyond what all pages share. */
import { diagramStyle } from "../diagram/svg-style.js";
import { baseStyle } from "../report/base-style.js";

export const pagesStyle = `${baseStyle}
${diagramStyle("auto")}
:root { --word: #8250a8; --operation: #2f6bd0; --number: #b0550c; --string: #1d7f4e; --comment: #6b7587; --declared: #0f6f7c; }
@media (prefers-color-scheme: dark) {
  :root { --word: #cf9fff; --operation: #78a9ff; --number: #f2a35c; --string: #6fce9b; --comment: #8e99ab; --declared: #5fc6d3; }
}
a { color: var(--train); text-decoration: none; text-underline-offset: 3px; }
a:hover { text-decoration: underline; }
.brand a { color: inherit; }
main { display: grid; grid-template-columns: minmax(0, 1fr); gap: 20px; margin-top: 20px; }
main > * { min-width: 0; }
section { scroll-margin-top: 12px; }
section > h2 { margin-bottom: 12px; }
section > .caption { margin: 0 0 14px; max-width: 110ch; }
code, .source { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .93em; }
.docs { max-width: 78ch; color: var(--soft); overflow-wrap: anywhere; }
.docs > * + * { margin-top: 8px; }
.docs code, .about code { padding: 1px 5px; border-radius: 4px; background: var(--track); color: var(--ink); }
.about code { -webkit-box-decoration-break: clone; box-decoration-break: clone; }
.bullets { list-style: disc; padding-left: 20px; }
.figures .note { overflow-wrap: anywhere; }
.contents { display: flex; flex-wrap: wrap; gap: 8px; }
.contents a { padding: 5px 12px; border-radius: 16px; background: var(--card); border: 1px solid var(--line); font-size: 13px; }
.declared + .declared { margin-top: 18px; padding-top: 16px; border-top: 1px solid var(--line); }
.declared h3 { margin-bottom: 6px; }
.declared code { font-weight: 500; }
.declared dl { margin-top: 8px; max-width: 760px; }
details > summary { margin-bottom: 12px; }

.diagram { display: grid; grid-template-columns: auto auto 1fr; align-items: center; row-gap: 12px; }
.diagram > input { position: absolute; opacity: 0; pointer-events: none; }
.diagram > label { padding: 5px 14px; border: 1px solid var(--line); font-size: 13px; color: var(--soft); cursor: pointer; white-space: nowrap; }
.diagram > label:nth-of-type(1) { grid-row: 1; grid-column: 1; border-radius: 8px 0 0 8px; }
.diagram > label:nth-of-type(2) { grid-row: 1; grid-column: 2; border-radius: 0 8px 8px 0; margin-left: -1px; }
.diagram > input:checked + label { background: var(--track); color: var(--ink); font-weight: 600; }
.diagram > input:focus-visible + label { outline: 2px solid var(--train); outline-offset: 2px; }
.zoom { grid-row: 1; grid-column: 3; justify-self: end; display: flex; gap: 6px; }
.zoom button { min-width: 34px; height: 31px; padding: 0 10px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); color: var(--ink); font: inherit; font-size: 13px; cursor: pointer; }
.zoom button:hover { background: var(--track); }
.canvas { grid-column: 1 / -1; overflow: auto; max-height: min(78vh, 900px); border: 1px solid var(--line); border-radius: 10px; text-align: center; cursor: grab; }
.canvas.held { cursor: grabbing; user-select: none; }
.canvas svg { display: block; margin: 0 auto; max-width: 100%; height: auto; }
.canvas.free svg { max-width: none; }
.pick-stages:checked ~ .canvas.full, .pick-full:checked ~ .canvas.stages { display: none; }

table.architecture, table.operations, table.networks { width: 100%; }
.architecture th, .architecture td { padding: 9px 18px 9px 0; border-top: 1px solid var(--line); vertical-align: middle; }
.architecture .number, .operations .number, .networks .number { padding-right: 0; padding-left: 14px; }
.architecture thead th, .operations thead th, .networks thead th { border-top: 0; padding-top: 0; }
.architecture tfoot th, .architecture tfoot td { font-weight: 600; }
.architecture.family td, .architecture.family thead th { text-align: center; padding-right: 10px; }
.architecture.family tr > :last-child { padding-right: 0; }
.architecture.family .times-row { gap: 6px; }
.architecture.family .brackets { padding: 1px 7px; text-align: left; }
.architecture.family tfoot td { white-space: nowrap; }
.architecture.family .shape, .architecture.family thead th:nth-child(-n + 2) { text-align: left; }
.architecture.family .times-row, .architecture.family .layers { justify-content: center; }
.shape { white-space: nowrap; }
.times-row { display: flex; align-items: center; gap: 8px; white-space: nowrap; }
.layers { display: grid; white-space: nowrap; line-height: 1.45; width: max-content; max-width: 100%; }
.family .layers { margin: 0 auto; }
.family .times-row .layers { margin: 0; }
.brackets { position: relative; padding: 1px 10px; }
.brackets::before, .brackets::after { content: ""; position: absolute; top: 0; bottom: 0; width: 5px; border: 1.5px solid var(--soft); }
.brackets::before { left: 0; border-right: 0; }
.brackets::after { right: 0; border-left: 0; }
.operations th, .operations td { padding: 5px 18px 5px 0; border-top: 1px solid var(--line); white-space: nowrap; }
.operations .place th { padding-top: 14px; font-weight: 600; }
.operations .node { color: var(--soft); padding-left: 14px; }

.search { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 16px; margin-bottom: 14px; color: var(--soft); font-size: 13px; }
.search input { flex: 1 1 220px; max-width: 420px; height: 38px; padding: 0 14px; border: 1px solid var(--line); border-radius: 9px; background: var(--ground); color: var(--ink); font: inherit; font-size: 15px; }
.networks th, .networks td { padding: 10px 18px 10px 0; border-top: 1px solid var(--line); vertical-align: top; }
.networks tbody th { font-weight: 600; font-size: 14px; min-width: 200px; }
.networks td:last-child, .networks thead th:last-child { padding-left: 28px; padding-right: 0; }
.networks tr[hidden] { display: none; }
.about { display: block; overflow-wrap: anywhere; color: var(--soft); font-weight: 400; font-size: 13px; max-width: 64ch; }
.files { display: grid; gap: 12px; }

.source { margin: 0; overflow-x: auto; font-size: 13px; line-height: 1.6; tab-size: 2; counter-reset: line; }
.source code { display: block; width: max-content; min-width: 100%; font-size: inherit; }
.row { display: block; padding-right: 16px; scroll-margin-top: 40px; }
.row::before { counter-increment: line; content: counter(line); display: inline-block; width: 3ch; margin-right: 18px; text-align: right; color: var(--soft); opacity: .6; user-select: none; }
.row:target, .row:has(:target) { background: color-mix(in srgb, var(--train) 13%, transparent); }
.source .word { color: var(--word); }
.source .operation { color: var(--operation); }
.source .number { color: var(--number); text-align: inherit; }
.source .string { color: var(--string); }
.source .docs, .source .comment { color: var(--comment); }
.source .docs { max-width: none; }
.source .name-block, .source .name-network, .source .name-recipe { color: var(--declared); font-weight: 600; }
.source .name-parameter, .source .name-place, .source .name-size { color: var(--ink); }
.source a { text-decoration: underline; text-decoration-color: color-mix(in srgb, currentColor 35%, transparent); }
.source a:hover { text-decoration-color: currentColor; }

@media (max-width: 900px) { .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
@media (max-width: 560px) {
  .diagram > label { padding: 5px 9px; font-size: 12px; }
  .zoom button { min-width: 30px; padding: 0 7px; }
  .networks th:nth-child(2), .networks td:nth-child(2), .networks th:last-child, .networks td:last-child { display: none; }
  .networks tbody th { min-width: 0; }
  .networks th, .networks td { padding-right: 10px; }
  .networks .number { padding-left: 8px; white-space: nowrap; }
  .networks td.number, .networks th.number { padding-right: 0; }
  .networks .about code { font-size: 11px; }
  .source { font-size: 12px; }
  .row::before { margin-right: 10px; }
  .architecture th, .architecture td { padding-right: 12px; }
}
@media print {
  .zoom, .search, .contents { display: none; }
  .canvas { max-height: none; overflow: visible; border: 0; }
}
`;

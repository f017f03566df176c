/** How a run's page looks, beyond what all pages share. */
import { baseStyle } from "./base-style.js";

const heats = Array.from({ length: 11 }, (_, level) => level)
  .map((level) => `.heat${level}{--heat:${level * 6}%}`)
  .join("\n");

export const pageStyle = `${baseStyle}
main { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 20px; margin-top: 20px; }
section { grid-column: 1 / -1; }
section.half { grid-column: auto; }
section > [data-region] { margin-top: 14px; }
section.overview > [data-region] { margin-top: 0; }
.connection { margin-top: 16px; padding: 10px 16px; border-radius: 8px; font-size: 14px;
  background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--soft); }
.connection:empty { display: none; }
.connection.lost { border-left-color: var(--bad); }
.connection.ended { border-left-color: var(--good); }
.state { display: flex; flex-wrap: wrap; gap: 2px 24px; justify-content: space-between; margin-bottom: 10px; }
.state p { font-weight: 600; min-width: 0; overflow-wrap: anywhere; }
.state .left { color: var(--soft); font-weight: 400; }
.lamp { display: inline-block; width: 9px; height: 9px; margin-right: 9px; border-radius: 50%; background: var(--soft); }
.training .lamp, .validating .lamp { background: var(--train); animation: breathe 2s ease-in-out infinite; }
.finished .lamp, .stopped .lamp { background: var(--good); }
.interrupted .lamp { background: var(--validation); }
.failed .lamp { background: var(--bad); }
body.lost .lamp { background: var(--soft); animation: none; }
@keyframes breathe { 50% { opacity: .35; } }
@media (prefers-reduced-motion: reduce) { .lamp { animation: none !important; } }
.progress { display: block; }
.track { fill: var(--track); }
.fill { fill: var(--train); }
.swatch { display: inline-block; width: 12px; height: 3px; border-radius: 2px; margin-right: 7px; vertical-align: middle; background: var(--soft); }
.swatch.train, .swatch.batches, .swatch.plain { background: var(--train); }
.swatch.validation { background: var(--validation); }

.charts { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 28px 32px; }
.chart { min-width: 0; }
.chart.large { grid-column: span 2; }
.chart figcaption { display: flex; flex-wrap: wrap; gap: 0 16px; justify-content: space-between; align-items: baseline; margin-bottom: 12px; }
.legend { display: flex; flex-wrap: wrap; gap: 0 16px; font-size: 13px; color: var(--soft); }
.legend b { color: var(--ink); font-weight: 600; }
svg.plot { display: block; overflow: visible; height: 220px; margin: 0 0 38px 48px; width: calc(100% - 56px); cursor: crosshair; touch-action: pan-y; }
.small svg.plot { height: 110px; margin-left: 60px; width: calc(100% - 68px); }
svg.curves { overflow: hidden; }
.large .none { height: 258px; }
.small .none { height: 148px; }
.grid { stroke: var(--line); stroke-width: 1; shape-rendering: crispEdges; }
.mark { stroke: var(--soft); stroke-width: 1; }
.axis { fill: var(--soft); font-size: 12px; }
.curve { fill: none; stroke: var(--train); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; vector-effect: non-scaling-stroke; }
.curve.validation { stroke: var(--validation); }
.curve.batches { stroke-width: 1.25; opacity: .38; }
.curve.plain { stroke-width: 1.5; }
.dot { fill: var(--train); stroke: var(--card); stroke-width: 1; }
.dot.validation { fill: var(--validation); }
.cross { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 3 3; pointer-events: none; }
.tip { position: fixed; z-index: 2; pointer-events: none; padding: 7px 11px; border-radius: 7px; font-size: 12.5px; line-height: 1.55;
  background: var(--ink); color: var(--ground); white-space: nowrap; box-shadow: 0 4px 16px rgb(0 0 0 / .2); }
.tip[hidden] { display: none; }
.tip p:first-child { opacity: .75; }

table.matrix { border-collapse: separate; border-spacing: 2px; margin-bottom: 10px; }
table.matrix thead th { vertical-align: bottom; padding: 0 2px 4px; text-align: center; }
table.matrix thead span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 110px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; display: inline-block; }
table.matrix tbody th { max-width: 130px; padding-right: 8px; text-align: right; color: var(--soft); font-weight: 400; }
table.matrix tbody span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
table.matrix tbody td { min-width: 34px; height: 32px; padding: 0 4px; text-align: center; border-radius: 4px; background: color-mix(in srgb, var(--heat-colour, var(--track)) var(--heat, 0%), var(--ground)); }
table.matrix.few tbody td { min-width: 58px; height: 50px; font-size: 15px; }
table.matrix td.right { --heat-colour: var(--train); font-weight: 600; }
table.matrix td.wrong { --heat-colour: var(--validation); }
table.matrix td.zero { color: color-mix(in srgb, var(--soft) 55%, var(--ground)); }
${heats}
img.matrix { display: block; width: 100%; max-width: 440px; height: auto; image-rendering: pixelated; border: 1px solid var(--line); border-radius: 6px; margin-bottom: 10px; }
.pairs { margin-top: 18px; }
.pairs ol { margin-top: 6px; }
.pairs li { display: flex; gap: 16px; justify-content: space-between; padding: 5px 0; border-top: 1px solid var(--line); font-size: 13px; color: var(--soft); }
.pairs li:first-child { border-top: 0; }
.pairs li span:first-child { min-width: 0; overflow-wrap: anywhere; }
.pairs b { color: var(--ink); font-weight: 500; }

table.classes { width: 100%; }
table.classes th, table.classes td { padding: 6px 0 6px 16px; border-top: 1px solid var(--line); }
table.classes thead th { border-top: 0; }
table.classes th:first-child { padding-left: 0;}
table.classes .clamp { width: max-content; max-width: 170px; }
table.classes .bar { width: 42%; min-width: 60px; }
table.classes svg { display: block; }

.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(112px, 1fr)); gap: 18px 16px; }
.pictures li { min-width: 0; }
.pictures .image { display: block; width: 100%; aspect-ratio: 1; object-fit: contain; border-radius: 8px; background: var(--ground); }
.pictures div.image { display: grid; place-items: center; padding: 8px; text-align: center; overflow: hidden; overflow-wrap: anywhere; font-size: 12px; }
.pictures .crisp { image-rendering: pixelated; }
.when { margin: 0 0 12px; }
.pictures figcaption { margin-top: 7px; font-size: 13px; line-height: 1.4; }
.pictures .taken { display: flex; gap: 8px; justify-content: space-between; }
.pictures .taken b { font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.pictures .taken .number { color: var(--soft); }
.pictures .truth { display: block; color: var(--soft); overflow-wrap: anywhere; }
.pictures .right .truth { color: var(--good); }
.pictures .wrong .truth { color: var(--bad); }
.pictures .truth b { font-weight: 600; }

table.epochs { width: 100%; }
table.epochs th, table.epochs td { padding: 6px 12px; text-align: right; white-space: nowrap; border-top: 1px solid var(--line); }
table.epochs thead th { border-top: 0; padding-top: 2px; padding-bottom: 2px; vertical-align: bottom; }
table.epochs th:first-child { text-align: left; padding-left: 0; }
table.epochs thead tr:last-child th:first-child { text-align: right; padding-left: 12px; }
table.epochs thead [colspan] { font-weight: 500; color: var(--ink); }
table.epochs .best td, table.epochs .best th { background: color-mix(in srgb, var(--validation) 9%, transparent); }
.tag { margin-left: 6px; padding: 1px 7px; border-radius: 9px; font-size: 11.5px; color: var(--validation); border: 1px solid currentColor; }

.setup { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 28px 48px; }
.setup h3 { margin-bottom: 8px; }
table.network { width: 100%; }
table.network th, table.network td { padding: 6px 16px 6px 0; border-top: 1px solid var(--line); white-space: nowrap; }
table.network thead th { border-top: 0; }
table.network .number { padding-right: 0; text-align: right; }
table.network tfoot th, table.network tfoot td { font-weight: 600; }

@media (max-width: 900px) {
  .charts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  section.half { grid-column: 1 / -1; }
  .setup { grid-template-columns: minmax(0, 1fr); }
}
@media (max-width: 560px) {
  main { gap: 12px; margin-top: 14px; }
  .charts { grid-template-columns: minmax(0, 1fr); gap: 20px; }
  .chart.large { grid-column: auto; }
  table.classes th, table.classes td { padding-left: 10px; }
  table.classes .clamp { max-width: 100px; }
  table.classes .bar { width: auto; min-width: 40px; }
  .legend { gap: 0 12px; font-size: 12px; }
  table.matrix.few tbody td { min-width: 46px; height: 42px; }
  table.matrix tbody th { max-width: 96px; }
  table.network th, table.network td { padding-right: 8px; font-size: 12px; }
  table.epochs th, table.epochs td { padding-left: 8px; padding-right: 8px; font-size: 12px; }
  .pictures { grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 14px 12px; }
  .pictures figcaption { font-size: 12px; }
  .pictures .taken { display: block; }
  .pictures .taken b { display: block; }
}
`;

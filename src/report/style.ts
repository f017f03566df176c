/** How a run's page looks: light and dark by the reader's setting, from the width of a telephone on. */
const heats = Array.from({ length: 11 }, (_, level) => level)
  .map((level) => `.heat${level}{--heat:${level * 6}%}`)
  .join("\n");

export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #ffffff; --ink: #1a1f29; --soft: #5b6474; --line: #e3e6ec;
  --train: #2f6bd0; --validation: #c4560f; --good: #1d7f4e; --bad: #c0362c; --track: #e8ebf1; --shade: rgb(20 30 50 / .16);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1217; --card: #171b22; --ink: #e7eaf0; --soft: #9aa4b5; --line: #2a303b;
    --train: #78a9ff; --validation: #f2a35c; --good: #59c48d; --bad: #ff8478; --track: #2a303b; --shade: rgb(0 0 0 / .5);
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 28px 24px 64px; max-width: 1240px; background: var(--ground);
  color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%;
}
h1, h2, h3, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h1 { font-size: 28px; line-height: 1.2; font-weight: 650; letter-spacing: -.015em; overflow-wrap: anywhere; }
h2 { font-size: 17px; font-weight: 650; letter-spacing: -.005em; }
h3 { font-size: 14px; font-weight: 600; overflow-wrap: anywhere; }
.clamp { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; overflow-wrap: anywhere; }
.name { color: var(--soft); font-weight: 400; }
.brand { color: var(--train); font-weight: 650; font-size: 13px; letter-spacing: .02em; }
header { display: flex; flex-wrap: wrap; gap: 8px 24px; align-items: end; justify-content: space-between; }
header > div { min-width: 0; }
.where { color: var(--soft); font-size: 13px; display: flex; flex-wrap: wrap; gap: 0 16px; }
.where span { overflow-wrap: anywhere; }
.connection { margin-top: 16px; padding: 10px 16px; border-radius: 8px; font-size: 14px;
  background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--soft); }
.connection:empty { display: none; }
.connection.lost { border-left-color: var(--bad); }
.connection.ended { border-left-color: var(--good); }
main { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 20px; margin-top: 20px; }
section { grid-column: 1 / -1; min-width: 0; padding: 20px 24px 24px; background: var(--card);
  border: 1px solid var(--line); border-radius: 12px; }
section.half { grid-column: auto; }
section > [data-region] { margin-top: 14px; }
section.overview > [data-region] { margin-top: 0; }
.caption, .none { color: var(--soft); font-size: 13px; }
.caption { margin-top: 4px; max-width: 70ch; }
:focus-visible { outline: 2px solid var(--train); outline-offset: 3px; border-radius: 4px; }

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
.figures { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 20px 24px; margin-top: 22px; }
.figures li { display: flex; flex-direction: column; min-width: 0; }
.figures .name, .figures .note { font-size: 13px; color: var(--soft); }
.figures b { font-size: 26px; line-height: 1.3; font-weight: 600; letter-spacing: -.02em; white-space: nowrap; }
.figures .note { font-size: 12px; }
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

.scroll { overflow-x: auto; max-width: 100%;
  background:
    linear-gradient(to right, var(--card) 40%, transparent) 0 0 / 48px 100% no-repeat local,
    linear-gradient(to left, var(--card) 40%, transparent) 100% 0 / 48px 100% no-repeat local,
    linear-gradient(to right, var(--shade), transparent) 0 0 / 14px 100% no-repeat scroll,
    linear-gradient(to left, var(--shade), transparent) 100% 0 / 14px 100% no-repeat scroll; }
table { border-collapse: collapse; font-size: 13px; }
th { font-weight: 500; text-align: left; }
thead th { color: var(--soft); font-weight: 400; }
.number { text-align: right; white-space: nowrap; }
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
details { margin-top: 12px; }
summary { cursor: pointer; font-size: 13px; color: var(--soft); }

.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(112px, 1fr)); gap: 18px 16px; }
.pictures li { min-width: 0; }
.pictures .image { display: block; width: 100%; aspect-ratio: 1; object-fit: contain; border-radius: 8px; background: var(--ground); }
.pictures div.image { display: grid; place-items: center; padding: 8px; text-align: center; overflow: hidden; overflow-wrap: anywhere; font-size: 12px; }
.pictures .crisp { image-rendering: pixelated; }
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
dl div { display: grid; grid-template-columns: 92px minmax(0, 1fr); gap: 12px; padding: 6px 0; border-top: 1px solid var(--line); font-size: 13px; }
dl div:first-child { border-top: 0; }
dt { color: var(--soft); }
dd { overflow-wrap: anywhere; }

@media (max-width: 900px) {
  .charts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  section.half { grid-column: 1 / -1; }
  .setup { grid-template-columns: minmax(0, 1fr); }
}
@media (max-width: 560px) {
  body { padding: 18px 12px 40px; }
  main { gap: 12px; margin-top: 14px; }
  section { padding: 16px 16px 18px; border-radius: 10px; }
  h1 { font-size: 23px; }
  .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; }
  .figures b { font-size: 22px; }
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
@media print {
  body { background: #fff; padding: 0; }
  section { break-inside: avoid; border: 0; padding: 8px 0; }
}
`;

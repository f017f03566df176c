/**
 * How every page looks that is made here: colours, letters, cards and tables, light and dark by the reader's
 * setting, from the width of a telephone on.
 */
export const baseStyle = `
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
:focus-visible { outline: 2px solid var(--train); outline-offset: 3px; border-radius: 4px; }
section { min-width: 0; padding: 20px 24px 24px; background: var(--card);
  border: 1px solid var(--line); border-radius: 12px; }
.caption, .none { color: var(--soft); font-size: 13px; }
.caption { margin-top: 4px; max-width: 70ch; }
.figures { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 20px 24px; margin-top: 22px; }
.figures li { display: flex; flex-direction: column; min-width: 0; }
.figures .name, .figures .note { font-size: 13px; color: var(--soft); }
.figures b { font-size: 26px; line-height: 1.3; font-weight: 600; letter-spacing: -.02em; white-space: nowrap; }
.figures .note { font-size: 12px; }
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
details { margin-top: 12px; }
summary { cursor: pointer; font-size: 13px; color: var(--soft); }
dl div { display: grid; grid-template-columns: 92px minmax(0, 1fr); gap: 12px; padding: 6px 0; border-top: 1px solid var(--line); font-size: 13px; }
dl div:first-child { border-top: 0; }
dt { color: var(--soft); }
dd { overflow-wrap: anywhere; }
@media (max-width: 560px) {
  body { padding: 18px 12px 40px; }
  section { padding: 16px 16px 18px; border-radius: 10px; }
  h1 { font-size: 23px; }
  .figures b { font-size: 22px; }
  .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; }
}
@media print {
  body { background: #fff; padding: 0; }
  section { break-inside: avoid; border: 0; padding: 8px 0; }
}
`;

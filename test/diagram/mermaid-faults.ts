/** A strict reading of the part of Mermaid's flowcharts that is written: every line must be one that is known. */

const text = String.raw`"(?:[\w .,:/()+·×-]|#\d+;|<br\/>)*"`;
const node = new RegExp(String.raw`^(n\d+)(?:\[${text}\]|\(\(${text}\)\))$`);
const edge = new RegExp(String.raw`^(n\d+) (?:-->|-\.->)(?:\|${text}\|)? (n\d+)$`);
const subgraph = new RegExp(String.raw`^subgraph (g\d+)\[${text}\]$`);
const style =
  /^classDef (\w+) fill:(?:none|#[0-9a-f]{6}),stroke:#[0-9a-f]{6}(?:,color:#[0-9a-f]{6})?$/;
const styled = /^class ([ng]\d+(?:,[ng]\d+)*) (\w+)$/;

/** What is wrong with a flowchart; empty where nothing is. */
export function mermaidFaults(chart: string): readonly string[] {
  const faults: string[] = [];
  const nodes = new Set<string>();
  const groups = new Set<string>();
  const classes = new Set<string>();
  let open = 0;
  const [, title, , first, ...lines] = chart
    .trimEnd()
    .split("\n")
    .filter((line) => !line.startsWith("%% "));
  if (!chart.startsWith("---\n") || !/^title: ".*"$/.test(title ?? "")) faults.push("no title");
  if (!/^flowchart (?:TB|LR)$/.test(first ?? "")) faults.push("no flowchart");
  const declare = (into: Set<string>, name = ""): void => {
    if (into.has(name)) faults.push(`${name} twice`);
    into.add(name);
  };
  const need = (from: ReadonlySet<string>, name = ""): void => {
    if (!from.has(name)) faults.push(`${name} is not declared`);
  };
  for (const line of lines.map((each) => each.trim())) {
    let match: RegExpExecArray | null;
    if ((match = node.exec(line))) declare(nodes, match[1]);
    else if ((match = subgraph.exec(line))) {
      declare(groups, match[1]);
      open++;
    } else if (line === "end") open--;
    else if ((match = edge.exec(line))) {
      need(nodes, match[1]);
      need(nodes, match[2]);
    } else if ((match = style.exec(line))) declare(classes, match[1]);
    else if ((match = styled.exec(line))) {
      for (const name of match[1]?.split(",") ?? [])
        need(name.startsWith("g") ? groups : nodes, name);
      need(classes, match[2]);
    } else faults.push(`not understood: ${line}`);
    if (open < 0) faults.push("an end too many");
  }
  if (open > 0) faults.push("a subgraph is not closed");
  return faults;
}

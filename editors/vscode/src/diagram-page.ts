/** The page that shows a diagram. It runs no script and loads nothing: the picture is inside it. */

/** A picture, or why there is none. */
export type Drawn = { readonly svg: string } | { readonly problem: string };

/** @returns a whole HTML page. */
export function pageOf(drawn: Drawn): string {
  const body =
    "svg" in drawn
      ? `<img alt="The diagram of the network" src="data:image/svg+xml;base64,${Buffer.from(drawn.svg).toString("base64")}">`
      : `<pre>${escaped(drawn.problem)}</pre>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>Diagram</title>
<style>
body { padding: 1em; }
img { max-width: 100%; background: white; }
pre { white-space: pre-wrap; }
</style>
</head>
<body>${body}</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

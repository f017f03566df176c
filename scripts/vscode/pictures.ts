/** The extension's pictures: a residual block, as the paper draws it, in the sizes that an editor asks for. */
import sharp from "sharp";

/** Below `editors/vscode/images`. */
export async function pictures(): Promise<ReadonlyMap<string, string | Buffer>> {
  const icon = iconPicture();
  const png = await sharp(Buffer.from(icon))
    .resize(256, 256)
    .png({ compressionLevel: 9 })
    .toBuffer();
  return new Map<string, string | Buffer>([
    ["icon.png", png],
    ["file-light.svg", filePicture("#3b6ea5")],
    ["file-dark.svg", filePicture("#79b0e8")],
  ]);
}

/** Two layers, the shortcut around them, and the sum. */
function iconPicture(): string {
  const box = (y: number): string =>
    `<rect x="56" y="${y}" width="88" height="36" rx="8" fill="#5fa8e6"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 256 256">
<rect width="256" height="256" rx="48" fill="#16202c"/>
<g fill="none" stroke="#e9f1f8" stroke-width="10" stroke-linecap="round" stroke-linejoin="round">
<path d="M100 26V62M100 104V122M100 164V176M100 224V236"/>
<path d="M100 42H188Q204 42 204 58V184Q204 200 188 200H128"/>
<path d="M142 186L126 200L142 214"/>
</g>
${box(64)}
${box(124)}
<circle cx="100" cy="200" r="24" fill="#f2b544"/>
<path d="M100 188V212M88 200H112" stroke="#16202c" stroke-width="7" stroke-linecap="round"/>
</svg>
`;
}

/** The same at 16 pixels, in one colour. */
function filePicture(colour: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
<g fill="none" stroke="${colour}" stroke-width="1.4" stroke-linecap="round">
<path d="M6 1V3M6 6.2V7.3M6 10.5V11.4M6 14.6V15"/>
<path d="M6 1.9H11.4Q12.6 1.9 12.6 3.1V11.8Q12.6 13 11.4 13H8"/>
<circle cx="6" cy="13" r="1.6"/>
</g>
<path d="M3 3H9V6.2H3ZM3 7.3H9V10.5H3Z" fill="${colour}"/>
</svg>
`;
}

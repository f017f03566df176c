import { expect, test } from "vitest";
import { SourceFile } from "../../src/source/source.js";
import { lex } from "../../src/syntax/lexer.js";
import { drawFrom, sentence, type Draw } from "../grammar/sentences.js";
import { commentWords, formatted, isSound, meaning } from "./formatting.js";

/** Puts comments, line ends and empty lines between tokens, wherever they change nothing. */
function scattered(text: string, draw: Draw): string {
  let result = text;
  for (let count = 0; count < 6; count++) {
    const { tokens } = lex(new SourceFile("spec.resnet", result));
    const token = tokens[Math.floor(draw() * tokens.length)];
    if (!token) return result;
    const at = draw() < 0.1 ? 0 : (token.endOffset ?? 0) + 1;
    const kinds = [
      "\n",
      "\n\n\n",
      " // one\n",
      "\n// own -> { line\n",
      " // one\n\n\n  // two  \n\n",
    ];
    const put = kinds[Math.floor(draw() * kinds.length)] ?? "\n";
    const candidate = result.slice(0, at) + put + result.slice(at);
    if (isSound(candidate) && same(candidate, result)) result = candidate;
  }
  return result;
}

function same(one: string, other: string): boolean {
  return JSON.stringify(meaning(one)) === JSON.stringify(meaning(other));
}

const widths = [100, 40, 20, 1];
const seeds = Number(process.env["RESNETC_FORMAT_SEEDS"] ?? 30);

test.each(widths)(
  "generated specs keep meaning and comments at width %d, and stay",
  async (width) => {
    for (let seed = 0; seed < seeds; seed++) {
      const draw = drawFrom(seed * 7 + width);
      const text = scattered(sentence(draw, 12 + (seed % 14)), draw);
      const options = { printWidth: width, tabWidth: 1 + (seed % 4), useTabs: seed % 3 === 0 };
      const once = await formatted(text, options).catch((error: unknown) => {
        throw new Error(`seed ${seed}\n${text}`, { cause: error });
      });
      expect(meaning(once), `seed ${seed}\n${text}\n----\n${once}`).toEqual(meaning(text));
      expect(commentWords(once), `seed ${seed}\n${text}`).toEqual(commentWords(text));
      expect(await formatted(once, options), `seed ${seed}\n${text}`).toBe(once);
      expect(once).not.toMatch(/[ \t]$|\n\n\n/m);
    }
  },
);

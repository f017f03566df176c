import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { documentationPictures } from "../../scripts/images/pictures.js";

const repository = resolve(import.meta.dirname, "..", "..");
const pictures = [...documentationPictures(repository)];

test.each(pictures)("%s is as `npm run images` draws it", (path, drawn) => {
  expect(readFileSync(join(repository, path), "utf8")).toBe(drawn);
});

test("the documentation shows pictures that there are", () => {
  for (const page of ["README.md", join("docs", "diagram.md")]) {
    const text = readFileSync(join(repository, page), "utf8");
    const shown = [...text.matchAll(/images\/([\w-]+\.svg)/g)].map(([, name = ""]) => name);
    expect(shown.length).toBeGreaterThan(0);
    for (const name of shown) {
      expect(pictures.map(([path]) => path)).toContain(join("docs", "images", name));
    }
  }
});

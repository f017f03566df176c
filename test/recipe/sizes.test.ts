import fc from "fast-check";
import { expect, test } from "vitest";
import { sizeAt, sizesOver } from "../../src/recipe/sizes.js";

const growing = { kind: "growing", start: 128, until: 6, by: 32 } as const;

test("fixed sizes are the whole one", () => {
  expect(sizeAt({ kind: "fixed" }, 0, [224, 200])).toEqual([224, 200]);
  expect(sizesOver({ kind: "fixed" }, 9, [224, 200])).toEqual([{ epoch: 0, size: [224, 200] }]);
});

test("growing sizes rise in equal steps, to the multiple, and are whole from `until` on", () => {
  const sides = Array.from({ length: 8 }, (_, epoch) => sizeAt(growing, epoch, [224, 224])[0]);
  expect(sides).toEqual([128, 160, 160, 192, 192, 224, 224, 224]);
  expect(sizeAt(growing, 0, [240, 320])).toEqual([128, 160]);
  expect(sizeAt(growing, 6, [241, 321])).toEqual([241, 321]);
  expect(sizesOver(growing, 4, [224, 224])).toEqual([
    { epoch: 0, size: [128, 128] },
    { epoch: 1, size: [160, 160] },
    { epoch: 3, size: [192, 192] },
  ]);
});

test("every size is a multiple of `by` or whole, never falls, and keeps the aspect to half a step", () => {
  const extent = fc.integer({ min: 1, max: 500 });
  const numbers = fc.tuple(extent, extent, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1 }));
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 30 }), ([h, w, by, draw], until) => {
      const shorter = Math.min(h, w);
      const start = 1 + (draw % shorter);
      let before = [0, 0];
      for (let epoch = 0; epoch <= until; epoch++) {
        const size = sizeAt({ kind: "growing", start, until, by }, epoch, [h, w]);
        const share = (start + ((shorter - start) * epoch) / until) / shorter;
        [h, w].forEach((whole, axis) => {
          const taken = size[axis] ?? 0;
          expect(taken).toBeGreaterThanOrEqual(before[axis] ?? 0);
          expect(taken).toBeLessThanOrEqual(whole);
          if (epoch === until) expect(taken).toBe(whole);
          if (taken === whole) return;
          expect(taken % by).toBe(0);
          if (taken > by)
            expect(Math.abs(taken - share * whole)).toBeLessThanOrEqual(by / 2 + 1e-9);
        });
        before = [...size];
      }
    }),
    { numRuns: 200 },
  );
});

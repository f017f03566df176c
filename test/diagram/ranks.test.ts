/** Where a group branches, its lines reach its border: what goes on outside of it begins there. */
import { expect, it } from "vitest";
import { ranked } from "../../src/diagram/ranks.js";
import type { Segment } from "../../src/diagram/segments.js";

const sized = (id: string, along: number) => ({
  id,
  left: 40,
  right: 40,
  along,
  entry: () => 0,
  exit: () => 0,
});

it("a value that leaves beside a member of the last rank leaves at the bottom", () => {
  const first = { kind: "member", id: "one", value: "a" } as const;
  const second = { kind: "member", id: "two", value: "b" } as const;
  const members = [sized("one", 26), sized("two", 26)];
  const plain = { around: false, dashed: false };
  const segments: readonly Segment[] = [
    { ...plain, from: { kind: "entry", value: "x" }, to: first },
    { ...plain, from: first, to: second },
    { ...plain, from: first, to: { kind: "exit", value: "a" } },
  ];
  const { lines, along } = ranked(members, segments, "down");
  expect(lines).toHaveLength(3);
  for (const { segment, points } of lines) {
    if (segment.from.kind === "entry") expect(points[0]?.v).toBe(0);
    if (segment.to.kind === "exit") expect(points.at(-1)?.v).toBe(along);
  }
});

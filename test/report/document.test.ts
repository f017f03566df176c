import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { liveDocument } from "../../src/report/document.js";
import { regionsOf } from "../../src/report/regions.js";
import { writeReport } from "../../src/report/write-report.js";
import { temporaryFolder } from "../train/temporary-folder.js";
import { smallSubject, wholeRun, type Subject } from "./small-account.js";

const hostile = `</script><script>alert("1")</script><img src=x onerror='alert(2)'>`;

async function reportOf(subject: Subject): Promise<string> {
  const path = join(await temporaryFolder(), "report.html");
  await writeReport(path, subject.account, subject.illustrator);
  return readFile(path, "utf8");
}

test("names of classes, files, recipes and folders are texts and never markup", async () => {
  const names = [`zero ${hostile}`, `one ${hostile}`];
  const subject = smallSubject(names, { describe: `photos/${hostile}`, recipe: hostile });
  wholeRun(subject, `runs/${hostile}`, names.length);
  const regions = regionsOf(subject.account, await subject.illustrator.of(undefined));
  for (const text of [await reportOf(subject), liveDocument(subject.account, regions, "id")]) {
    expect(text).toContain("one &lt;/script&gt;&lt;script&gt;alert(&quot;1&quot;)");
    expect(text).not.toContain(`<script>alert`);
    expect(text).not.toContain("<img src=x");
  }
});

test("the report lets its own style and script run, and nothing else", async () => {
  const subject = smallSubject(["a", "b"]);
  wholeRun(subject, "runs/small", 2);
  const text = await reportOf(subject);
  const policy = /Content-Security-Policy"\s+content="([^"]+)"/.exec(text)?.[1] ?? "";
  expect(policy).toContain("default-src &#39;none&#39;");
  const contents = [/<style>(.*?)<\/style>/s, /<script type="module">(.*?)<\/script>/s];
  for (const pattern of contents) {
    const content = pattern.exec(text)?.[1] ?? "";
    const hash = createHash("sha256").update(content).digest("base64");
    expect(policy).toContain(`&#39;sha256-${hash}&#39;`);
  }
  expect(text.match(/(src|href)="(?!data:|#)/g)).toBeNull();
  expect(text.match(/ style="/g)).toBeNull();
});

test("the pictures of the mistakes are in it, with what they are and were taken for", async () => {
  const subject = smallSubject(["red", "green"]);
  wholeRun(subject, "runs/small", 2);
  const text = await reportOf(subject);
  expect(text.match(/<img[^>]+src="data:image\/png;base64,/g)).toHaveLength(3);
  expect(text.replaceAll(/<[^>]+>|\s+/g, " ")).toMatch(/red +75\.0% +is +green/);
  expect(text).toContain("Finished after 1 epoch");
});

test("an image that can no longer be read has its reason where its picture would be", async () => {
  const { account, illustrator, dataSet } = smallSubject(["red", "green"]);
  wholeRun({ account, illustrator, dataSet }, "runs/small", 2);
  const { DataError } = await import("../../src/train/data/data-set.js");
  dataSet.validation.read = async () => {
    throw new DataError("photos/7.png is missing");
  };
  const text = await reportOf({ account, illustrator, dataSet });
  expect(text).toContain("photos/7.png is missing");
});

test("a matrix of many classes is one picture, and the report stays small", async () => {
  const names = Array.from({ length: 1000 }, (_, index) => `class ${index}`);
  const subject = smallSubject(names);
  wholeRun(subject, "runs/small", names.length);
  const text = await reportOf(subject);
  expect(text).toContain("The confusion matrix of 1000 classes");
  expect(text).toContain("The other 980");
  expect(text.length).toBeLessThan(1_000_000);
});

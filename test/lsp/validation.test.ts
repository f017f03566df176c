/** What is published of open documents, with a check that is not the compiler's own where a bug of it is needed. */
import { resolve } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { NodeHost } from "../../src/host/node-host.js";
import { Locations } from "../../src/lsp/project/locations.js";
import { Validation, type Published } from "../../src/lsp/validation.js";
import { projectOf } from "./marked.js";

afterEach(() => vi.useRealTimers());

test("a bug in the check of one document keeps nothing from the others", () => {
  const locations = new Locations(new NodeHost(resolve("/project")));
  const project = projectOf({ "spec.resnet": "network Net { input 32x32x3 \n dens 10 }\n" });
  project.host.open("other.resnet", "network Other { }\n");
  const check = project.analysis.bind(project);
  const bug = new RangeError("Maximum call stack size exceeded");
  vi.spyOn(project, "analysis").mockImplementation((path) => {
    if (path === "other.resnet") throw bug;
    return check(path);
  });
  const published: Published[] = [];
  const failed = vi.fn();
  const done = vi.fn();
  const parts = { project, locations, versionOf: () => 1, done, failed };
  new Validation({ ...parts, publish: (each) => void published.push(each) }).run();
  expect(published.map(({ uri }) => uri)).toEqual([locations.uriOf("spec.resnet")]);
  expect(published[0]?.diagnostics.length).toBeGreaterThan(0);
  expect(failed).toHaveBeenCalledExactlyOnceWith(bug);
  expect(done).toHaveBeenCalledOnce();
});

test("a bug is told once per check, and again at the next, though rules look at the files after a pause", () => {
  vi.useFakeTimers();
  const locations = new Locations(new NodeHost(resolve("/project")));
  const project = projectOf({ "spec.resnet": "network Net { input 32x32x3 }\n" });
  project.host.open("other.resnet", "network Other { }\n");
  vi.spyOn(project, "isLintedApart").mockReturnValue(true);
  const look = project.analysis.bind(project);
  vi.spyOn(project, "analysis").mockImplementation((path) => {
    if (path === "other.resnet") throw new RangeError("a bug");
    return look(path);
  });
  const published: Published[] = [];
  const failed = vi.fn();
  const parts = { project, locations, versionOf: () => 1, done: vi.fn(), failed };
  const validation = new Validation({ ...parts, publish: (each) => void published.push(each) });
  validation.run();
  vi.runAllTimers();
  expect(project.isLintedApart).toHaveBeenCalled();
  expect(failed).toHaveBeenCalledTimes(1);
  validation.run();
  expect(failed).toHaveBeenCalledTimes(2);
});

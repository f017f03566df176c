/** What is published of open documents, with a check that is not the compiler's own where a bug of it is needed. */
import { resolve } from "node:path";
import { expect, test, vi } from "vitest";
import { NodeHost } from "../../src/host/node-host.js";
import { Locations } from "../../src/lsp/project/locations.js";
import { Validation, type Published } from "../../src/lsp/validation.js";
import { projectOf } from "./marked.js";

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
  expect(failed).toHaveBeenCalledWith(bug);
  expect(done).toHaveBeenCalledOnce();
});

import { expect, test } from "vitest";
import { DataError } from "../../../src/train/data/data-set.js";
import { ImageLibraryError } from "../../../src/train/data/image-library.js";
import { receivedError, sentError } from "../../../src/train/data/worker-protocol.js";

test.each([
  new DataError("a.png is empty", "replace it"),
  new DataError("a.png is empty"),
  new ImageLibraryError("images cannot be read", "install sharp"),
  new RangeError("a bug"),
])("%s is the same on the other side", (error) => {
  const received = receivedError(structuredClone(sentError(error)));
  expect(received.constructor).toBe(error.constructor);
  expect(received).toMatchObject({ name: error.name, message: error.message });
  expect("help" in received ? received.help : undefined).toBe(
    "help" in error ? error.help : undefined,
  );
});

test("what is no error is one on the other side", () => {
  expect(receivedError(structuredClone(sentError("gone")))).toEqual(new Error("gone"));
});

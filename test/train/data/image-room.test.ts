/** Images are read side by side as far as there is room for them, in the order in which they come. */
import { expect, test } from "vitest";
import { ImageRoom } from "../../../src/train/data/image-room.js";

/** Who has been let in of those that have come, by their numbers. */
function comers(room: ImageRoom, count: number): number[] {
  const inside: number[] = [];
  for (let number = 0; number < count; number++) {
    void room.enter().then(() => inside.push(number));
  }
  return inside;
}

const settled = () => new Promise((done) => setImmediate(done));

test("the first is alone, and then as many as fit were they as large as the largest", async () => {
  const room = new ImageRoom(100);
  const inside = comers(room, 9);
  await settled();
  expect(inside).toEqual([0]);
  room.leave(30);
  await settled();
  expect(inside).toEqual([0, 1, 2, 3]);
  room.leave(40);
  await settled();
  expect(inside).toEqual([0, 1, 2, 3]);
  room.leave(20);
  await settled();
  expect(inside).toEqual([0, 1, 2, 3, 4]);
  // One that is larger than the room is let in by itself.
  room.leave(500);
  await settled();
  expect(inside).toHaveLength(5);
  room.leave(10);
  await settled();
  expect(inside).toEqual([0, 1, 2, 3, 4, 5]);
});

test("those that come to nothing make room too, and no one is passed", async () => {
  const room = new ImageRoom(100);
  const inside = comers(room, 3);
  await settled();
  room.leave(0);
  await settled();
  expect(inside).toEqual([0, 1, 2]);
  room.leave(60);
  room.leave(60);
  const more = comers(room, 3);
  await settled();
  expect(more).toEqual([0]);
  room.leave(60);
  await settled();
  expect(more).toEqual([0, 1]);
});

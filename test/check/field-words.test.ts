/** Names of networks and their parts are told from slips of them. */
import { describe, expect, test } from "vitest";
import { isOfFieldWords } from "../../src/check/field-words.js";

describe("a name is made of the field's words", () => {
  test.each([
    ..."Bottleneck BottleneckOriginal AverageDown SEBlock UNet ResNet50 TinyUNet".split(" "),
    ..."classify middle pooled joined padded cropped squeezed reduced branches bodies".split(" "),
    ..."conv2 stage_one down_sampling pre_activation encoder upper2".split(" "),
  ])("%s", (name) => {
    expect(isOfFieldWords(name)).toBe(true);
  });
});

describe("a slip is not", () => {
  test.each([
    ..."Botleneck Bottlenec BottleneckOrigina AverageDow Bassic Reductoin lPain".split(" "),
    ..."classif lcassify imddle poolled joinned paded padded2x squeezd brnaches".split(" "),
    ..."x H W2 _ __ a1".split(" "),
  ])("%s", (name) => {
    expect(isOfFieldWords(name)).toBe(false);
  });
});

import { Lexer } from "chevrotain";
import { expect, test } from "vitest";
import { tokenTypes } from "../../src/syntax/tokens.js";

test("the tokens are sound: chevrotain's own validation, which a check leaves out, finds nothing", () => {
  const lexer = new Lexer([...tokenTypes], {
    positionTracking: "full",
    deferDefinitionErrorsHandling: true,
  });
  expect(lexer.lexerDefinitionErrors).toEqual([]);
});

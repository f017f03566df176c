import { expect, test } from "vitest";
import { inlayHints, type HintedSteps } from "../../../src/lsp/services/inlay-hints.js";
import { projectOf } from "../marked.js";

const spec = `block Own(width, stride = 1) {
  residual {
    conv 3x3, width, /stride -> batchnorm -> relu
    conv 3x3, width -> batchnorm
  }
  shortcut project
  relu
}

network Net {
  input [H, H, 3] where H % 2 == 0
  stem { conv 3x3, 16 -> relu }
  stage conv2: 2 x Own(16)
  stage conv3: 2 x Own(32), /2
  head classify { globalavgpool -> dense 10 }
}
`;

/** The text with the hints in it, as an editor shows them. */
function shown(text: string, which: HintedSteps, from = 0, to = 1000): string {
  const project = projectOf({ "spec.resnet": text });
  const range = { start: { line: from, character: 0 }, end: { line: to, character: 0 } };
  const lines = text.split("\n");
  const hints = [...inlayHints(project, "spec.resnet", range, which)];
  hints.sort(
    (a, b) => b.position.line - a.position.line || b.position.character - a.position.character,
  );
  for (const { position, label } of hints) {
    const line = lines[position.line] ?? "";
    const { character } = position;
    lines[position.line] = `${line.slice(0, character)}‹${String(label)}›${line.slice(character)}`;
  }
  return lines.join("\n");
}

test("every operation has its shape; a block says which of its times it is", () => {
  expect(shown(spec, "all")).toMatchInlineSnapshot(`
    "block Own(width, stride = 1)‹shapes of Own(16, stride: 1), block 1 of 2 of stage conv2 of Net, the first of 4› {
      residual {
        conv 3x3, width, /stride‹H x H x 16› -> batchnorm‹H x H x 16› -> relu‹H x H x 16›
        conv 3x3, width‹H x H x 16› -> batchnorm‹H x H x 16›
      }
      shortcut project‹H x H x 16›
      relu‹H x H x 16›
    }

    network Net {
      input [H, H, 3] where H % 2 == 0
      stem { conv 3x3, 16‹H x H x 16› -> relu‹H x H x 16› }
      stage conv2: 2 x Own(16)‹H x H x 16›
      stage conv3: 2 x Own(32), /2‹(H / 2) x (H / 2) x 32›
      head classify { globalavgpool‹32› -> dense 10‹10› }
    }
    "
  `);
});

test("only what changes the shape, where that is asked for", () => {
  expect(shown(spec, "changes")).toMatchInlineSnapshot(`
    "block Own(width, stride = 1)‹shapes of Own(16, stride: 1), block 1 of 2 of stage conv2 of Net, the first of 4› {
      residual {
        conv 3x3, width, /stride -> batchnorm -> relu
        conv 3x3, width -> batchnorm
      }
      shortcut project
      relu
    }

    network Net {
      input [H, H, 3] where H % 2 == 0
      stem { conv 3x3, 16‹H x H x 16› -> relu }
      stage conv2: 2 x Own(16)‹H x H x 16›
      stage conv3: 2 x Own(32), /2‹(H / 2) x (H / 2) x 32›
      head classify { globalavgpool‹32› -> dense 10‹10› }
    }
    "
  `);
});

test("only what lies within the range", () => {
  expect(shown(spec, "all", 11, 12).match(/‹/g)).toHaveLength(2);
});

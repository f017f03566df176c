/** Specs by number, all different and all sound: what a large repository of architectures looks like. */

const widths = [16, 24, 32, 48, 64];
const depths = [1, 2, 3, 4, 6];

/** The text of spec `index`: its own block or a standard one, three stages, an expectation now and then, a recipe. */
export function generatedSpec(index: number): string {
  const pick = <T>(list: readonly T[], by: number): T =>
    list[Math.floor(index / by) % list.length] as T;
  const width = pick(widths, 1);
  const own = index % 3 === 0;
  const bottleneck = index % 3 === 1;
  const block = own ? "Own" : bottleneck ? "Bottleneck" : "Basic";
  const first = pick(depths, 5);
  const second = pick(depths, 25);
  const third = pick(depths, 125);
  const classes = index % 2 === 0 ? 8 : 10;
  const size = index % 2 === 0 ? "32x32x3" : "[H, W, 3] where H % 4 == 0, W % 4 == 0";
  return `/// Generated network ${index}.
${own ? ownBlock : `import { ${block} } from "std/blocks"\n`}
/// Three stages of ${block} from ${width} channels.
network Net${index}(classes = ${classes}) {
  input ${size}

  stem { conv 3x3, ${width} -> batchnorm -> relu }

  stage conv2: ${first} x ${block}(${width})
  stage conv3: ${second} x ${block}(${2 * width}), /2
  stage conv4: ${third} x ${block}(${4 * width}), /2

  head classify { globalavgpool -> dense classes }
}

train recipe${index} for Net${index} {
  data ${index % 2 === 0 ? "shapes(size: 32, classes: 8)" : 'cifar10("../data/cifar-10-batches-bin")'}
  preprocess { normalize mean: [0.4914, 0.4822, 0.4465], std: [0.2470, 0.2435, 0.2616] }
  augment { flip -> crop 32, pad: 4 }
  loss crossentropy
  optimizer sgd(0.1, momentum: 0.9, decay: 1e-4)
  schedule cosine
  batch 128
  epochs ${100 + (index % 100)}
}
`;
}

const ownBlock = `block Own(width, stride = 1) {
  residual {
    conv 3x3, width, /stride -> batchnorm -> relu
    conv 3x3, width -> batchnorm
    gate { globalavgpool -> dense width / 4 -> relu -> dense width -> sigmoid }
  }
  shortcut project
  relu
}
`;

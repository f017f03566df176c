/**
 * The words that names of networks, blocks, places and values are made of, as papers and model libraries have
 * them. Of two names that differ by a slip, the one that is made of these is the one that was meant.
 */

const plainWords = `
  accuracy activate activation adapt adaptive add after again aggregate align all alpha always amplify anchor another
  any approximate area arrow assemble asymmetric attend attention attribute augment auto autoencoder auxiliary average
  axis back backbone backward balance band bare base baseline basic batch before begin beta better between bias big
  bilinear bird block blur body bond border both bottle bottleneck bottom bound boundary box branch bridge brief
  bright broad build bundle busy calm capacity capsule cardinality cascade cascading cat category cell center centre
  chain channel cheap check child chunk cifar circle class classification classifier classify clean clear clip close
  cloud coarse code collapse collect color colour column combination combine common compact compare compensate
  complete complex component compose compound compress compression concat concatenate concentrate condense cone
  connect connection constant content context contract contraction convolution convolutional convolve copy core corner
  correct correlation cosine count coupling covariance cover create crop cropping cross cube curve cut cycle dark data
  decay decode decoder decompose deconvolution decorate decouple decrease deep default define deform deformable degree
  delta denoise dense density depth depthwise describe descriptor detail detect detection detector device diagonal
  diet difference different diffuse digit dilate dilation dimension direct direction disparity dispatch distill
  distribute divide dog domain dot double down downsample downscale draft drop dropout dual duplicate dynamic each
  early edge effective efficient eight eighteen element elementwise embed embedding empty encode encoder encoding end
  energy enhance enlarge ensemble entry epoch equal estimate even every everything exact example excitation excite
  excited exit expand expansion experiment expert exponential extend extra extract extraction extractor face factor
  factorize fade family far fashion fast feature feed few field fifty figure fill filter final fine finish fire first
  fit fix flat flatten flavour flexible flip flow flower focal focus fold food footprint forty forward four fourth
  fraction frame free freeze frequency front full function fuse fusion future gain gamma gate gather gaussian general
  generate generator gentle ghost giant give glance global good gradient grain grand graph grasp gray great green grey
  grid group grow growth guide half halve hand harmonic head header heat heavy height help hidden hierarchical
  hierarchy high highway hole holistic horizontal hour hourglass huge hundred hybrid hyper identity image impulse
  inception initial inject inner input inside instance integrate inter intermediate internal interpolate into invert
  inverted invertible involution island isotropic item iterate join joint junction just keep kernel key keypoint
  knowledge label ladder landmark landscape language large lasagna last late latent later lateral layer layout lazy le
  lead leaf leaky learn least left length letter level light lightweight limit line linear link list little local
  locate location logit long loop lose low lower machine main major make many map margin mask masked match matrix max
  maximum mean measure medical medium member memory merge mesh meta method micro mid middle min mini minimal minimum
  minor mirror mix mixed mixer mixing mixture mobile mode model modest modify module momentum mono more morph motion
  mount mouth move much multi multiple multiply multiscale name nano narrow native near neck need neighbor neighbour
  nested net network neural neuron new next nine node noise none norm normal normalisation normalise normalization
  normalize nose note nothing notice number object observe octave odd offset old one open operation operator optimal
  option optional orange order ordinary original other outer outlet output outside over overlap own pad padding pair
  pan panoptic parallel parameter parent parse part partial particle pass past patch path pattern peak perceive
  perception permute person pet phase phone photo picture piece pillar pilot pipeline pivot pixel place plain plan
  plane plant plate plus point pointwise polar pool population portion pose position post power precise predict
  prediction preprocess preserve previous primary prime prior probability probe process product profile progressive
  project projection projector promote proper proposal propose prototype proxy prune pure purpose pyramid quad
  quadruple quality quantity quarter query question queue quick quiet radial radio raise random range rapid rate ratio
  raw reach read ready real rear reason receive receptive rectify recurrent recursive red reduce reduction reference
  refine refinement reflect region register regress regression regular relation relative remain repeat replace
  represent representation reproduce reset reshape residual resize resolution resolve response rest restore result
  retina return reuse reverse reversible revise rich ridge right ring road robust root rotate rotation rough round
  route row same sample sampler scalar scale scatter scene score search second section see segment segmentation
  segmenter select selection selective self semantic sense separable separate sequence sequential series setting seven
  shallow shape share sharp shift ship short shortcut shrink shuffle siamese side sight sigma sign signal silent
  similar simple simplify single sink six sixteen size sketch skip slice slim slow small smart smooth snapshot soft
  softmax solid solve some source space spark sparse spatial special speed spike spine spiral split spot spread square
  squeeze stable stack stage standard star start state static station stay steady stem step stick stochastic stop
  store straight strange stream street stretch stride strip strong structure student style sub subsample subsampling
  subtract sum summary super support surface swap sweep swift swin swish switch symmetric symmetry system table tail
  take tall target task teach teacher temperature template temporal ten tensor tenth term test text texture thick thin
  third thirty three threshold throw tile time tiny token top total tower toy track traffic train trainer transfer
  transform transformer transition translate transpose transposed tree trial triangle trident trim triple triplet
  trunk try turn twelve twenty twice twin twist two type ultra unchanged under unified uniform union unit unite
  universal unpool unshuffle unsqueeze upper upsample upsampling upscale use useful value vanilla variable variant
  variation vector vehicle verify version vertical very video view virtual vision visual volume vote voxel warm wave
  weight weighted whole wide widen width window wing wise with wrap write yield young zebra zero zone zoom
`;

/** Networks, layers, data sets and their short forms. */
const abbreviations = `
  alex bert bneck bot cbam coat conv convnext csp deconv deeplab drn eca elan fcn fpn gan gelu googlenet hrnet
  imagenet kaggle lenet lstm mlp mnasnet mnist mobilenet moe mse nas nasnet netv nin panet posenet pre preact
  preactivation psp rank re relu repvgg res resnest resnet resnext resunet rnn sam san scc se segnet seq silu spp
  squeezenet svhn tanh u unet vae vgg vit xception yolo
`;

let words: ReadonlySet<string> | undefined;

/** Whether a name is made of such words, in any of their forms: `ReducedPool2`, `down_sampling`. */
export function isOfFieldWords(name: string): boolean {
  const parts = name.split(/[_\d]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/).filter(Boolean);
  return (
    parts.some((part) => part.length > 2) && parts.every((part) => isKnown(part.toLowerCase()))
  );
}

/** Whether a name is two such words or more that are written as one: `maxunpool`. */
export function isOfJoinedWords(name: string): boolean {
  const letters = name.toLowerCase().replaceAll(/[_\d]/g, "").slice(0, joinedLength);
  // Where a word can end, from the first letter on.
  const ends = [0];
  for (let end = leastWord; end <= letters.length; end++) {
    const isEnd = ends.some((start) => {
      const isWord = end - start >= leastWord && end - start < letters.length;
      return isWord && isKnown(letters.slice(start, end));
    });
    if (isEnd) ends.push(end);
  }
  return letters.length > 0 && ends.includes(letters.length);
}

/** How long such a word is at least, and how much of a name is looked at. */
const leastWord = 3;
const joinedLength = 40;

function isKnown(part: string): boolean {
  words ??= new Set(`${plainWords} ${abbreviations}`.split(/\s+/).filter(Boolean));
  if (words.has(part)) return true;
  return stemsOf(part).some((stem) => words?.has(stem));
}

/** What a word is the plural, the past, the participle or the agent of, by the rules of spelling alone. */
function stemsOf(word: string): readonly string[] {
  const plural = /(?:s|x|z|ch|sh)es$/.test(word) ? [word.slice(0, -2)] : [];
  if (/[^s]s$/.test(word)) plural.push(word.slice(0, -1));
  if (word.endsWith("ies")) plural.push(`${word.slice(0, -3)}y`);
  const [, before, ending] = /^(.{2,})(ed|er|ing|or)$/.exec(word) ?? [];
  if (before === undefined || ending === undefined) return plural;
  const stems = [...plural, `${before}e`];
  // After one vowel a single consonant is doubled: `pad`, `padded`; after two it is not: `pool`, `pooled`.
  const doubled = /[^aeiou][aeiou]([bdgklmnprt])\1$/.test(before);
  const isSingle = /(?:^|[^aeiou])[aeiou][bdgklmnprt]$/.test(before) && before.length <= 4;
  if (doubled) stems.push(before.slice(0, -1));
  if (!isSingle) stems.push(before);
  if (before.endsWith("i")) stems.push(`${before.slice(0, -1)}y`);
  return stems;
}

/** Characters of other alphabets that cannot be told from those of the language by looking. */

/** Each as it is written, what it looks like, and its name within its alphabet and case. */
const letters: Readonly<Record<string, string>> = {
  "Cyrillic small letter":
    "а a a, е e ie, о o o, р p er, с c es, у y u, х x ha, і i i, ј j je, ѕ s dze, һ h shha, ԛ q qa, ԝ w we, ԁ d komi de, к k ka",
  "Cyrillic capital letter":
    "А A a, В B ve, Е E ie, К K ka, М M em, Н H en, О O o, Р P er, С C es, Т T te, Х X ha, У Y u, І I i, Ј J je, Ѕ S dze",
  "Greek small letter": "ο o omicron, ν v nu, α a alpha, ρ p rho, ι i iota, κ k kappa",
  "Greek capital letter":
    "Α A alpha, Β B beta, Ε E epsilon, Ζ Z zeta, Η H eta, Ι I iota, Κ K kappa, Μ M mu, Ν N nu, Ο O omicron, Ρ P rho, Τ T tau, Υ Y upsilon, Χ X chi",
};

interface LookAlike {
  /** What it looks like. */
  readonly plain: string;
  /** What it is, where its code says too little. */
  readonly name?: string;
}

const byCharacter: ReadonlyMap<string, LookAlike> = new Map(
  Object.entries(letters).flatMap(([alphabet, list]) =>
    list.split(", ").map((each): [string, LookAlike] => {
      const [character = "", plain = "", ...name] = each.split(" ");
      return [character, { plain, name: `${alphabet} ${name.join(" ")}` }];
    }),
  ),
);

/** What a character looks like: a letter of another alphabet, or a wide or ornate form of a plain character. */
export function lookAlike(character: string): LookAlike | undefined {
  const letter = byCharacter.get(character);
  if (letter) return letter;
  const plain = character.normalize("NFKC");
  return plain !== character && /^[!-~]$/.test(plain) ? { plain } : undefined;
}

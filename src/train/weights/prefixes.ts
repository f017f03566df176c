/**
 * What stands before the names of a network's tensors where it was saved within something else: PyTorch's DataParallel
 * (`module`), `torch.compile` (`_orig_mod`), or a class of one's own that has the network as its `model`.
 */

/** Modules in which networks are found. */
const wrappers = /^(module|_orig_mod|model|backbone|encoder|net|network)\./;

/** How many of them may stand in each other. */
const deepest = 6;

/**
 * The tensors by their names without the prefix under which most of them are wanted, or as they are where no prefix
 * makes more of them so. What stands beside the prefix keeps its name.
 *
 * @param isWanted whether a name is one of the network's.
 */
export function withoutPrefix<T>(
  tensors: ReadonlyMap<string, T>,
  isWanted: (name: string) => boolean,
): ReadonlyMap<string, T> {
  const names = [...tensors.keys()];
  const prefixes = [...new Set(names.flatMap(prefixesOf))];
  const count = (prefix: string): number =>
    names.filter((name) => isWanted(without(prefix, name))).length;
  let best = { prefix: "", wanted: count("") };
  for (const prefix of prefixes) {
    const wanted = count(prefix);
    if (wanted > best.wanted) best = { prefix, wanted };
  }
  const { prefix } = best;
  const renamed = new Map([...tensors].map(([name, each]) => [without(prefix, name), each]));
  // Two of one name would be one tensor less.
  return renamed.size === tensors.size ? renamed : tensors;
}

/** `model.` and `model.net.` of `model.net.conv1.weight`. */
function prefixesOf(name: string): readonly string[] {
  const prefixes: string[] = [];
  for (let prefix = ""; prefixes.length < deepest; prefixes.push(prefix)) {
    const [next] = wrappers.exec(name.slice(prefix.length)) ?? [];
    if (next === undefined) break;
    prefix += next;
  }
  return prefixes;
}

function without(prefix: string, name: string): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

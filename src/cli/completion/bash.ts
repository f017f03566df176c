/** The completion script for bash, from 3.2 on. It needs nothing but bash and sed. */
import { shellQuoted } from "../shell-text.js";
import type { CommandWords, OptionWords, Place, ProgramWords } from "./command-words.js";

const functions = String.raw`
# Files and folders that begin with what is typed; a second word keeps files that end with it alone.
_resnetc_paths() {
  local IFS=$'\n'
  compopt -o filenames 2>/dev/null
  if [ -n "$1" ]; then
    COMPREPLY=($(compgen -f -X "!*$1" -- "$cur") $(compgen -d -- "$cur"))
  else
    COMPREPLY=($(compgen -f -- "$cur"))
  fi
}

_resnetc_folders() {
  local IFS=$'\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -d -- "$cur"))
}

# A .resnet file, or behind its # a network that it declares.
_resnetc_specs() {
  case $cur in
    *"#"*)
      local typed=${"$"}{cur%#*} file
      file=${"$"}{typed//\\/}
      file=${"$"}{file/#\~\//$HOME/}
      [ -f "$file" ] || return
      local IFS=$'\n'
      COMPREPLY=($(compgen -P "$typed#" -W "$(_resnetc_networks "$file")" -- "${"$"}{cur##*#}"))
      ;;
    *) _resnetc_paths .resnet ;;
  esac
}

_resnetc_networks() {
  sed -n 's/^network[[:space:]][[:space:]]*\([A-Za-z_][A-Za-z0-9_]*\).*/\1/p' -- "$1"
}

# One of some words.
_resnetc_words() {
  COMPREPLY=($(compgen -W "$1" -- "$cur"))
}

# One of some words that go on with =.
_resnetc_joined() {
  compopt -o nospace 2>/dev/null
  COMPREPLY=($(compgen -S = -W "$1" -- "$cur"))
}
`;

/** The whole script. */
export function bashCompletion({ name, options, commands }: ProgramWords): string {
  const all = [...commands.map((command) => command.name), ...options.flatMap(spellings)];
  return `# bash completion of ${name}, made by \`${name} completion bash\`
${functions}
_resnetc() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} command= i
  COMPREPLY=()
  # bash takes --option=value apart.
  if [ "$cur" = "=" ]; then
    cur=
  elif [ "$prev" = "=" ] && [ "$COMP_CWORD" -ge 2 ]; then
    prev=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      -*) ;;
      *)
        command=\${COMP_WORDS[i]}
        break
        ;;
    esac
  done
  case $command in
    "") _resnetc_words ${shellQuoted(all.join(" "))} ;;
${commands.map(branchOf).join("\n")}
  esac
}

complete -F _resnetc ${name}
`;
}

function branchOf({ name, options, operands }: CommandWords): string {
  const valued = options.filter(({ value }) => value !== undefined);
  const cases = valued.map(
    (option) => `        ${spellings(option).join(" | ")}) ${valueOf(option)} ;;`,
  );
  const [operand] = operands;
  const words = options.flatMap(spellings).join(" ");
  return [
    `    ${name})`,
    ...(cases.length === 0 ? [] : ["      case $prev in", ...cases, "      esac"]),
    "      case $cur in",
    `        -*) _resnetc_words ${shellQuoted(words)} ;;`,
    `        *) ${operand === undefined ? ":" : completionOf(operand.place)} ;;`,
    "      esac",
    "      ;;",
  ].join("\n");
}

/** What follows an option; one that may stand alone leaves the place to others where nothing is known. */
function valueOf({ value }: OptionWords): string {
  if (value === undefined) return ":";
  if (value.optional)
    return `case $cur in -*) ;; *) ${completionOf(value.place)}; [ \${#COMPREPLY[@]} -gt 0 ] && return ;; esac`;
  const completion = completionOf(value.place);
  return completion === ":" ? "return" : `${completion}; return`;
}

function completionOf(place: Place): string {
  switch (place.kind) {
    case "file":
      return '_resnetc_paths ""';
    case "folder":
      return "_resnetc_folders";
    case "spec":
      return "_resnetc_specs";
    case "words":
      return `${place.joined ? "_resnetc_joined" : "_resnetc_words"} ${shellQuoted(place.words.join(" "))}`;
    case "free":
      return ":";
  }
}

function spellings({ long, short }: OptionWords): string[] {
  return short === undefined ? [long] : [short, long];
}

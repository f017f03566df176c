/** The completion script for zsh, for `fpath` or to be evaluated behind `compinit`. */
import { shellQuoted } from "../shell-text.js";
import type {
  CommandWords,
  OperandWords,
  OptionWords,
  Place,
  ProgramWords,
} from "./command-words.js";

const functions = String.raw`
# A .resnet file, or behind its # a network that it declares.
_resnetc_specs() {
  if [[ $PREFIX == *'#'* ]]; then
    local file=${"$"}{(Q)PREFIX%\#*}
    file=${"$"}{file/#\~\//$HOME/}
    [[ -f $file ]] || return 1
    local -a networks
    networks=(${"$"}{(f)"$(sed -n 's/^network[[:space:]][[:space:]]*\([A-Za-z_][A-Za-z0-9_]*\).*/\1/p' -- $file)"})
    compset -P '*\#'
    compadd -X network -a networks
  else
    _files -g '*.resnet(-.)'
  fi
}
`;

/** The whole script. */
export function zshCompletion({ name, options, commands }: ProgramWords): string {
  return `#compdef ${name}
# zsh completion of ${name}, made by \`${name} completion zsh\`
${functions}
_resnetc_commands() {
  local -a commands=(
${commands.map((each) => `    ${shellQuoted(`${each.name}:${each.meaning}`)}`).join("\n")}
  )
  _describe command commands
}

_resnetc() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C \\
${options.map((option) => `    ${optionSpec(option)} \\`).join("\n")}
    '1: :_resnetc_commands' \\
    '*:: :->rest'
  [[ $state == rest ]] || return
  case $words[1] in
${commands.map(branchOf).join("\n")}
  esac
}

if [[ $funcstack[1] == _resnetc ]]; then
  _resnetc "$@"
else
  compdef _resnetc ${name}
fi
`;
}

function branchOf({ name, options, operands }: CommandWords): string {
  const specs = [...options.map(optionSpec), ...operands.map(operandSpec)];
  return `    ${name})
      _arguments \\
${specs.map((spec) => `        ${spec}`).join(" \\\n")}
      ;;`;
}

function optionSpec({ long, short, meaning, value }: OptionWords): string {
  const about = `[${escaped(meaning)}]`;
  const value_ =
    value === undefined
      ? ""
      : `:${value.optional ? ":" : ""}${escaped(value.name)}:${completionOf(value.place)}`;
  // What takes a value may be given again, and has it behind a space or an equals sign.
  const names = [
    ...(short === undefined ? [] : [value === undefined ? short : `${short}+`]),
    value === undefined ? long : `${long}=`,
  ];
  const others = value !== undefined ? "*" : `(${names.join(" ")})`;
  if (short === undefined) return shellQuoted(`${others}${names[0]}${about}${value_}`);
  return `${shellQuoted(others)}{${names.join(",")}}${shellQuoted(`${about}${value_}`)}`;
}

function operandSpec({ name, optional, variadic, place }: OperandWords): string {
  const place_ = `${escaped(name)}:${completionOf(place)}`;
  return shellQuoted(variadic ? `*:${place_}` : `${optional ? "::" : ":"}${place_}`);
}

function completionOf(place: Place): string {
  switch (place.kind) {
    case "file":
      return "_files";
    case "folder":
      return "_files -/";
    case "spec":
      return "_resnetc_specs";
    case "words":
      if (place.joined) return `compadd -S = -- ${place.words.join(" ")}`;
      return `(${place.words.join(" ")})`;
    case "free":
      return " ";
  }
}

/** Text inside a specification of `_arguments`. */
function escaped(text: string): string {
  return text.replace(/[\\[\]:]/g, "\\$&");
}

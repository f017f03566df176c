/** The completion script for fish, from 3.0 on. */
import type { CommandWords, OptionWords, Place, ProgramWords } from "./command-words.js";

const functions = String.raw`
function __resnetc_needs_command
    for word in (commandline -opc)[2..-1]
        string match -q -- '-*' $word; or return 1
    end
    return 0
end

# The command, which is the first word that is no option.
function __resnetc_uses
    for word in (commandline -opc)[2..-1]
        string match -q -- '-*' $word; and continue
        test $word = $argv[1]
        return $status
    end
    return 1
end

# A .resnet file, or behind its # a network that it declares.
function __resnetc_specs
    set -l word (commandline -ct)
    if string match -q -- '*#*' $word
        set -l file (string replace -r -- '#[^#]*$' '' $word)
        set -l path (string replace -r -- '^~/' $HOME/ (string unescape -- $file))
        test -f "$path"; or return
        for name in (sed -n 's/^network[[:space:]][[:space:]]*\([A-Za-z_][A-Za-z0-9_]*\).*/\1/p' -- $path)
            printf '%s#%s\tnetwork\n' $file $name
        end
    else
        complete -C "__resnetc_no_command $word" | string match -r -- '^.*(?:\.resnet|/)(?:\t.*)?$'
    end
end

function __resnetc_folders
    __fish_complete_directories (commandline -ct)
end
`;

/** The whole script. */
export function fishCompletion({ name, options, commands }: ProgramWords): string {
  const lines = [
    ...options.map(
      (option) => `complete -c ${name} -n __resnetc_needs_command ${optionWords(option)}`,
    ),
    ...commands.flatMap((command) => linesOf(name, command)),
  ];
  return `# fish completion of ${name}, made by \`${name} completion fish\`
${functions}
complete -c ${name} -e
complete -c ${name} -f
${lines.join("\n")}
`;
}

function linesOf(program: string, { name, meaning, options, operands }: CommandWords): string[] {
  const uses = `complete -c ${program} -n ${quoted(`__resnetc_uses ${name}`)}`;
  const [operand] = operands;
  const place = operand === undefined ? "" : completionOf(operand.place);
  return [
    "",
    `complete -c ${program} -n __resnetc_needs_command -a ${name} -d ${quoted(meaning)}`,
    ...options.map((option) => `${uses} ${optionWords(option)}`),
    ...(place === "" ? [] : [`${uses} ${place}`]),
  ];
}

function optionWords({ long, short, meaning, value }: OptionWords): string {
  const names = [...(short === undefined ? [] : [`-s ${short.slice(1)}`]), `-l ${long.slice(2)}`];
  // fish would offer a value that may be left out behind an equals sign alone.
  const takes = value === undefined || value.optional ? [] : [valueOf(value.place)];
  return [...names, ...takes, `-d ${quoted(meaning)}`].join(" ");
}

/** A value that must be there; -x keeps files out. */
function valueOf(place: Place): string {
  return place.kind === "file" ? "-r -F" : `-x ${completionOf(place)}`.trimEnd();
}

function completionOf(place: Place): string {
  switch (place.kind) {
    case "file":
      return "-F";
    case "folder":
      return `-a ${quoted("(__resnetc_folders)")}`;
    case "spec":
      return `-a ${quoted("(__resnetc_specs)")}`;
    case "words": {
      const words = place.joined ? place.words.map((word) => `${word}=`) : place.words;
      return `-a ${quoted(words.join(" "))}`;
    }
    case "free":
      return "";
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

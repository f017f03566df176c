# Prints what bash would offer: bash bash-words.sh SCRIPT WORD…, of which the last is being typed.
. "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
COMP_LINE="$*"
COMP_POINT=${#COMP_LINE}
handler=$(complete -p resnetc | sed 's/.*-F \([^ ]*\).*/\1/')
$handler resnetc "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
[ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}"

# Makes an interactive zsh show what it offers as <word>, with [begin] before and [end] behind, and end.
PS1= PS2= RPS1=
autoload -Uz compinit
compinit -u -D
source $1

compadd() {
  # Calls that only ask, whose answer goes into a variable.
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "$@"
    return
  fi
  local -a hits
  local hit
  builtin compadd -A hits "$@"
  for hit in $hits; do
    print -rn -- "<$IPREFIX$hit>"
  done
  builtin compadd "$@"
}
begun() { print -n '[begin]' }
ended() {
  print '[end]'
  exit
}
compprefuncs=(begun)
comppostfuncs=(ended)
bindkey '^I' complete-word

# Prints what zsh would offer: zsh -f zsh-words.zsh SCRIPT LINE. An interactive zsh in a terminal of its own
# completes the line; zsh-show.zsh makes it show the candidates.
zmodload zsh/zpty
zpty inner zsh -f -i
zpty -w inner "source ${(q)0:A:h}/zsh-show.zsh ${(q)1}; print ready for it"
while zpty -r inner line && [[ $line != 'ready for it'* ]]; do :; done
zpty -n -w inner "$2"$'\t'
while zpty -r inner line; do
  print -r -- "$line"
  [[ $line == *'[end]'* ]] && break
done
zpty -d inner

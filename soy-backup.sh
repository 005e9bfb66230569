#!/bin/sh
# Runs the backup program of Software of You with the permissions that it needs.
#
#   sh soy-backup.sh import '/path/of/a backup.json' --dry-run
#
# Lies beside backup.ts, or in a plugin's folder beside backup.js (the bundle) or
# soy-backup (the compiled binary). Words are passed on as they are, but for these:
# after import, restore, verify or show, the first word that is no option is the path
# of a backup; after diff, the first two are. A leading ~/ is expanded in it, and a
# file of the working directory gets its full path; any other bare name is looked for
# in output/ by the program. The same goes for the file of --identity and of keygen.
# After -- no word is an option.
#
# hook, which Claude Code runs at the start of a session, uses only what is on this
# machine: nothing is downloaded for it, and whatever happens, it says one line of
# JSON at most.
#
# Exit codes: those of the program; 1 if the program or Deno is missing; always 0 for
# hook.

# The oldest Deno that works: before it, statements of node:sqlite lack
# setReturnArrays(). Deno 2.2 and older cannot read deno.lock either.
minimum=2.6.7
# The version that npx gets if there is no such Deno.
fetched=2.9.6

[ -z "${ZSH_VERSION-}" ] || emulate sh
set -u
umask 077
unset CDPATH
export npm_config_loglevel=error npm_config_update_notifier=false

hook=
[ "${1-}" != hook ] || hook=yes
[ -z "$hook" ] || trap 'exit 0' EXIT

# Says what is wrong, to hook in words without a path, since they become JSON.
fail() {
  if [ -n "$hook" ]; then
    set -- "${2-the program cannot run; say /backup status to see why}"
    printf '{"systemMessage":"Backups: nobody looks after them, since %s."}\n' "$1"
  else
    printf 'Error: %s\n' "$1" >&2
  fi
  exit 1
}

# The digits of a version as one number that can be compared: 2.6.7 is 2006007.
number() {
  rest=${1%%[!0-9.]*}
  major=${rest%%.*} rest=${rest#*.}
  minor=${rest%%.*} patch=${rest#*.}
  echo $((${major:-0} * 1000000 + ${minor:-0} * 1000 + ${patch%%.*}))
}

# Whether $1 is a Deno that works; sets `found` to its version.
works() {
  command -v "$1" >/dev/null 2>&1 || return 1
  found=$("$1" --version 2>/dev/null)
  found=${found#deno } found=${found%%[!0-9.]*}
  case $found in
    2.8.0 | 2.8.1) return 1 ;; # They hang when they run backup.ts.
    [0-9]*.[0-9]*.[0-9]*) ;;
    *) return 1 ;;
  esac
  [ "$(number "$found")" -ge "$(number "$minimum")" ]
}

# Sets `deno` to a Deno that is on this machine: in PATH, where Deno's own installer
# puts it, or where npx keeps what it has downloaded before.
find_deno() {
  for deno in deno "${DENO_INSTALL:-${HOME-}/.deno}/bin/deno" \
    "${npm_config_cache:-${HOME-}/.npm}"/_npx/*/node_modules/@deno/*/deno; do
    ! works "$deno" || return 0
  done
  return 1
}

# The folder of this file, with links resolved. readlink is not in POSIX, but what
# ls writes of a link is. The dots keep line feeds at the end of a name.
self=$0
case $self in
  */*) ;;
  *) [ -e "./$self" ] && self=./$self || self=$(command -v -- "$self") ;;
esac
while [ -L "$self" ]; do
  target=$(ls -ld "$self" && echo .)
  target=${target#*"$self -> "} target=${target%??}
  case $target in
    /*) self=$target ;;
    *) self=${self%/*}/$target ;;
  esac
done
folder=$(cd -P "${self%/*}/" && printf '%s.' "$PWD") || exit 1
folder=${folder%.}

root=$folder
[ ! -d "${CLAUDE_PLUGIN_ROOT:-}" ] || root=$CLAUDE_PLUGIN_ROOT
case $root in /*) ;; *) root=./$root ;; esac
root=$(cd -P "$root" && printf '%s.' "$PWD") || exit 1
root=${root%.}

program=
for name in soy-backup backup.js backup.ts; do
  for beside in "$folder" "$root"; do
    [ -z "$program" ] && [ -f "$beside/$name" ] || continue
    [ "$name" != soy-backup ] || [ -x "$beside/$name" ] || continue
    program=$beside/$name
  done
done
[ -n "$program" ] ||
  fail "Cannot find soy-backup, backup.js or backup.ts in $folder"

# What the program may read. The binary may read data/ and output/ only, and a comma
# would split the list: a backup elsewhere is then copied to a private folder.
read=data,output write=data,output copy= first= second=

# Sets `word` to the path that the program gets for the backup `word`. A day of a
# packed month has its name behind that of the month, which is the file.
locate() {
  case $word in "~/"*) word=$HOME/${word#??} ;; esac
  day=
  case $word in
    *.tar.zst/?* | *.tar.zst.age/?*)
      [ ! -f "${word%/*}" ] || day=/${word##*/} word=${word%/*}
      ;;
  esac
  place
  word=$word$day
}

# Sets `word` to the path that the program gets for the file `word`, and lets the
# program read it.
place() {
  case $word in
    /* | "") ;;
    *) [ ! -f "./$word" ] || word=$PWD/$word ;;
  esac
  case $word in
    "$root"/output/*) ;; # The program may read this anyway.
    /*)
      case ${program##*/}:$word in
        soy-backup:* | *,*)
          [ -f "$word" ] || return 0
          copy=$root/output/copy-$$
          if [ -z "$first" ]; then
            first=$word word=$copy/1/${word##*/}
          else
            second=$word word=$copy/2/${word##*/}
          fi
          ;;
        *) read=$read,$word ;;
      esac
      ;;
  esac
}

# Sets `word` to the full path of a file with a key, and lets the program use it. The
# binary may not: it reads and writes keys through standard input and output only.
keyfile() {
  case $word in "~/"*) word=$HOME/${word#??} ;; esac
  case $word in
    /* | - | "") ;;
    *) word=$PWD/$word ;;
  esac
  case $word in
    /*,*) fail "Cannot use a file of keys with a comma in its path: $word" ;;
  esac
  case $1-$word in
    read-/*) read=$read,$word ;;
    write-/*) read=$read,${word%/*}/ write=$write,$word ;;
  esac
}

# Takes each word from the front, and puts it back behind the others.
expected=command dashes=yes count=$# backups=1
while [ "$count" -gt 0 ]; do
  word=$1 kind=word count=$((count - 1))
  shift
  [ "$dashes" = no ] || case $word in -?*) kind=option ;; esac
  case $expected-$kind in
    value-*) expected=$afterwards ;;
    identity-*)
      keyfile read
      expected=$afterwards
      ;;
    *-option)
      case $word in
        --) dashes=no ;;
        --identity) afterwards=$expected expected=identity ;;
        --identity=*)
          word=${word#*=}
          keyfile read
          word=--identity=$word
          ;;
        --root | --tables | --except | --only | --page | --limit | --if-older | --max-* | --keep-?*ly)
          afterwards=$expected expected=value
          ;;
      esac
      ;;
    command-word)
      case $word in
        import | restore | verify | show) expected=backup ;;
        diff) expected=backup backups=2 ;;
        keygen) expected=keyfile ;;
        *) expected=nothing ;;
      esac
      ;;
    keyfile-word)
      keyfile write
      expected=nothing
      ;;
    backup-word)
      locate
      backups=$((backups - 1))
      [ "$backups" -gt 0 ] || expected=nothing
      ;;
  esac
  set -- "$@" "$word"
done

cd "$root" || exit 1
export CLAUDE_PLUGIN_ROOT="$root"

if [ "${program##*/}" = soy-backup ]; then
  set -- "$program" "$@"
else
  config=
  [ "${program##*/}" = backup.ts ] || config=--no-config
  set -- run --quiet --no-prompt ${config:+"$config"} \
    ${hook:+--cached-only} --allow-read="$read" \
    --allow-write="$write" --allow-env=CLAUDE_PLUGIN_ROOT,NO_COLOR \
    "$program" "$@"
  found=
  if find_deno; then
    set -- "$deno" "$@"
  elif [ -n "$hook" ]; then
    fail - "Deno is missing; say /backup, which gets it, or get it from https://deno.com"
  elif command -v npx >/dev/null 2>&1; then
    set -- npx -y "deno@$fetched" "$@"
  else
    fail "Cannot run without Deno $minimum or newer${found:+, and this is $found}; get it from https://deno.com, or Node.js (for npx) from https://nodejs.org"
  fi
fi

# Of a program that crashes, nothing is shown but that it did.
if [ -n "$hook" ]; then
  export DENO_NO_UPDATE_CHECK=1
  said=$("$@" </dev/null 2>/dev/null) ||
    fail -
  [ -z "$said" ] || printf '%s\n' "$said"
  exit 0
fi

# The program takes the place of this shell: signals and exit code are its own.
[ -n "$copy" ] || exec "$@"

# Here the copy has to be removed afterwards, so the shell stays. It passes every
# signal on as SIGTERM, since shells let background programs ignore SIGINT.
child= stopped=
stop() {
  stopped=yes
  [ -z "$child" ] || kill -TERM "$child" 2>/dev/null
}
trap 'rm -rf -- "$copy"' EXIT
trap stop INT TERM HUP
rm -rf -- "$copy"
mkdir -p output && mkdir -- "$copy" "$copy/1" "$copy/2" || exit 1
cp -- "$first" "$copy/1/" || exit 1
[ -z "$second" ] || cp -- "$second" "$copy/2/" || exit 1
[ -z "$stopped" ] || exit 130
"$@" &
child=$!
[ -z "$stopped" ] || kill -TERM "$child" 2>/dev/null
# A signal ends wait before the program has ended.
while :; do
  stopped=
  wait "$child"
  code=$?
  [ -n "$stopped" ] || exit "$code"
done

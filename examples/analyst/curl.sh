#!/bin/sh
# Takes scores and responses home with curl: into score.json, weekly.csv, drivers.csv, and responses as .parquet, .xlsx and .ndjson.
# A survey with several scores wants one named: QUESTION=nps.
#
#   KEY=ask_… ./curl.sh http://localhost:8080 shop checkout-exit [2026-01-01 [2026-07-01]]
set -eu
survey="$1/v1/sites/$2/surveys/$3" from=${4:-} to=${5:-}

# ask PATH [parameter=value …]: curl encodes them; $fail says what becomes of the text of an error.
ask() {
  path=$1
  shift
  for parameter; do set -- "$@" --data-urlencode "$parameter"; shift; done
  for parameter in ${from:+"from=$from"} ${to:+"to=$to"}; do set -- "$@" --data-urlencode "$parameter"; done
  curl --silent --show-error "$fail" --get --header "Authorization: Bearer $KEY" "$@" "$survey/$path"
}

# get FILE PATH [parameter=value …]: an error is printed and ends this.
get() {
  file=$1
  shift
  fail=--fail-with-body
  ask "$@" >"$file" || { cat "$file" >&2; exit 1; }
}

get score.json scores ${QUESTION:+"question=$QUESTION"}
get weekly.csv scores every=week by=device format=csv ${QUESTION:+"question=$QUESTION"}
get drivers.csv drivers format=csv ${QUESTION:+"question=$QUESTION"}
get responses.parquet responses format=parquet
get responses.xlsx responses format=xlsx

# A long download that breaks off goes on behind the last whole row: all lines but the last are whole. The
# newest come first, so a whole one is not gone on with but made anew, and so is one of another period.
part="responses.$2.$3.$from.$to.part"
[ ! -s "$part" ] || sed -i '$d' "$part"
last=$(tail -n 1 "$part" 2>/dev/null | sed 's/^{"id":"\([^"]*\)".*/\1/')
fail=--fail
ask responses format=ndjson ${last:+"cursor=$last"} >>"$part"
mv "$part" responses.ndjson

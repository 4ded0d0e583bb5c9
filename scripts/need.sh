#!/bin/sh
# need.sh PROGRAM PACKAGE...: makes sure that a program is there, from Debian's packages where this
# user may install them; otherwise says in one line what to install.
set -eu
program=$1
shift
command -v "$program" >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	# A failure is told by the line below.
	apt-get update -qq >/dev/null 2>&1 || true
	DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null 2>&1 || true
	command -v "$program" >/dev/null && exit 0
fi
echo "need.sh: there is no $program here: install it (on Debian: sudo apt-get install $*), then run make again" >&2
exit 1

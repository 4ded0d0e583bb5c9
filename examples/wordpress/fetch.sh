#!/bin/sh
# fetch.sh: brings a WordPress to dist/wordpress, from Debian's packages, without installing one: apt's own
# dependency is a web server. Another WordPress may be put there by hand.
set -eu
cd "$(dirname "$0")"
[ -e dist/wordpress/wp-load.php ] && exit 0
need=../../scripts/need.sh
$need php php-cli php-mysql
$need mariadbd mariadb-server-core
mkdir -p dist
rm -rf dist/packages
mkdir dist/packages
packages="wordpress wordpress-theme-twentytwentythree libjs-underscore php-getid3"
(cd dist/packages && apt-get download -qq $packages) >/dev/null 2>&1 || {
	echo "fetch.sh: there are no Debian packages here ($packages): unpack a WordPress into examples/wordpress/dist/wordpress" >&2
	exit 1
}
for package in dist/packages/*.deb; do dpkg-deb -x "$package" dist/packages; done
made=dist/packages/usr/share/wordpress
# What Debian links to in other packages is copied in.
find "$made" -type l | while read -r link; do
	[ ! -e "$link" ] || cp -L "$link" "$link.copy"
	rm "$link"
	[ ! -e "$link.copy" ] || mv "$link.copy" "$link"
done
cp wp-config.php "$made/wp-config.php"
ln -s ../../../../plugin/askwell "$made/wp-content/plugins/askwell"
ln -s ../../../stand-in "$made/wp-content/mu-plugins"
mv "$made" dist/wordpress # at the end: half a WordPress is none
rm -rf dist/packages

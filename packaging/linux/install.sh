#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Puts Weighbridge into your home folder (or PREFIX) and into the menu. No root needed. uninstall.sh takes it away.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=${PREFIX:-$HOME/.local}
app=$prefix/lib/weighbridge
mkdir -p "$prefix/bin" "$prefix/lib" "$prefix/share"
# The old version goes only once the new one lies complete beside it. Projects and settings are elsewhere.
rm -rf "$app.new" && cp -a "$here/lib" "$app.new"
rm -rf "$app" && mv "$app.new" "$app"
ln -sf "$app/weighbridge" "$prefix/bin/weighbridge"
cp -a "$here/share/." "$prefix/share/"
sed -e "s|^Exec=weighbridge|Exec=\"$app/weighbridge\"|" -e "s|^TryExec=.*|TryExec=$app/weighbridge|" \
    "$here/share/applications/weighbridge.desktop" >"$prefix/share/applications/weighbridge.desktop"
cp "$here/uninstall.sh" "$app/uninstall.sh"
update-desktop-database "$prefix/share/applications" 2>/dev/null || true
update-mime-database "$prefix/share/mime" 2>/dev/null || true
echo "Weighbridge is installed in $app."
echo "Start it from the menu, or run: $prefix/bin/weighbridge"
echo "To remove it: sh $app/uninstall.sh"

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Takes Weighbridge away. Your projects, drafts and settings stay.
set -eu
prefix=${PREFIX:-$HOME/.local}
rm -rf "$prefix/lib/weighbridge"
rm -f "$prefix/bin/weighbridge" "$prefix/share/applications/weighbridge.desktop" \
    "$prefix/share/metainfo/@ID@.Weighbridge.metainfo.xml" \
    "$prefix/share/mime/packages/weighbridge.xml" "$prefix/share/man/man1/weighbridge.1.gz"
rm -f "$prefix"/share/icons/hicolor/*/apps/weighbridge.png "$prefix"/share/icons/hicolor/scalable/apps/weighbridge.svg
update-desktop-database "$prefix/share/applications" 2>/dev/null || true
update-mime-database "$prefix/share/mime" 2>/dev/null || true
echo "Weighbridge is gone. Your projects and settings were left where they are."

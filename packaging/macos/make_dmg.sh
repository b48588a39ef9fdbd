#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# dist/Weighbridge.app → dist/weighbridge-VERSION-macos-ARCH.dmg, signed and notarised when the secrets are there.
# NOT RUN YET: there is no Mac in the place where this was written. See docs/releasing.md.
#
#   WEIGHBRIDGE_CODESIGN_IDENTITY  "Developer ID Application: …" (already used by PyInstaller for the .app)
#   APPLE_ID, APPLE_TEAM_ID, APPLE_APP_PASSWORD  for notarytool
set -eu
version=${1:?usage: make_dmg.sh VERSION}
app=dist/Weighbridge.app
dmg=dist/weighbridge-$version-macos-$(uname -m).dmg
identity=${WEIGHBRIDGE_CODESIGN_IDENTITY:-}

if [ -n "$identity" ]; then
    codesign --force --deep --timestamp --options runtime --sign "$identity" \
        --entitlements packaging/macos/entitlements.plist "$app"
    codesign --verify --deep --strict --verbose=2 "$app"
fi
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
cp -R "$app" "$stage/"
ln -s /Applications "$stage/Applications"
rm -f "$dmg"
hdiutil create -volname "Weighbridge $version" -srcfolder "$stage" -fs HFS+ -format UDZO -imagekey zlib-level=9 "$dmg"
if [ -n "$identity" ]; then
    codesign --timestamp --sign "$identity" "$dmg"
fi
if [ -n "$identity" ] && [ -n "${APPLE_ID:-}" ]; then
    xcrun notarytool submit "$dmg" --wait --apple-id "$APPLE_ID" --team-id "$APPLE_TEAM_ID" \
        --password "$APPLE_APP_PASSWORD"
    xcrun stapler staple "$dmg"
    spctl --assess --type open --context context:primary-signature --verbose "$dmg"
else
    echo "No Apple secrets: the image is not notarised, and macOS will warn before it opens it."
fi

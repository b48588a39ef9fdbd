#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Walks the app's accessibility tree in a display and on a bus of its own, with a project nobody has answered yet and with an
# answered one. Debian: xvfb openbox xdotool at-spi2-core dbus-x11 gir1.2-atspi-2.0 python3-gi
#     packaging/atspi_tree.sh [open|answered] [--dump]
set -euo pipefail
cd "$(dirname "$0")/.."
display=:${ATSPI_DISPLAY:-91}
Xvfb "$display" -screen 0 1400x1000x24 -nolisten tcp >/dev/null 2>&1 &
home=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$home"' EXIT
sleep 1
export DISPLAY=$display QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1 QT_QPA_PLATFORM=xcb NO_AT_BRIDGE=0 HOME=$home
export XDG_CONFIG_HOME=$home/config XDG_DATA_HOME=$home/data XDG_RUNTIME_DIR=$home/run APP_PYTHON=${APP_PYTHON:-.venv/bin/python}
mkdir -m 700 "$home/run"
case ${1:-} in open | answered) wanted=$1 && shift ;; *) wanted="open answered" ;; esac
"$APP_PYTHON" packaging/atspi_case.py "$home"
code=0
for state in $wanted; do
  echo "== $state"
  path=$home/$state
  [ -e "$path" ] || path=$path.weighbridge.json
  dbus-run-session -- bash -c '
    exec 2>/dev/null
    openbox &
    /usr/libexec/at-spi-bus-launcher --launch-immediately &
    sleep 1
    "$APP_PYTHON" -m gui "$1" --theme light >/tmp/weighbridge-atspi.log 2>&1 &
    app=$!
    code=0
    /usr/bin/python3 packaging/atspi_tree.py "${@:2}" 2>&1 || code=$?
    kill $app || true
    exit $code
  ' atspi "$path" "$@" || code=$?
done
exit $code

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Walks the app's accessibility tree in a display and on a bus of its own. Debian: xvfb openbox at-spi2-core dbus-x11
# gir1.2-atspi-2.0 python3-gi
set -euo pipefail
cd "$(dirname "$0")/.."
display=:${ATSPI_DISPLAY:-91}
Xvfb "$display" -screen 0 1400x1000x24 -nolisten tcp >/dev/null 2>&1 &
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
sleep 1
home=$(mktemp -d)
export DISPLAY=$display QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1 QT_QPA_PLATFORM=xcb XDG_CONFIG_HOME=$home XDG_DATA_HOME=$home NO_AT_BRIDGE=0
export APP_PYTHON=${APP_PYTHON:-.venv/bin/python}
dbus-run-session -- bash -c '
  openbox >/dev/null 2>&1 &
  /usr/libexec/at-spi-bus-launcher --launch-immediately >/dev/null 2>&1 &
  sleep 1
  "$APP_PYTHON" -m gui resources/examples/tiny-llama-lora --theme light >/tmp/weighbridge-atspi.log 2>&1 &
  app=$!
  code=0
  /usr/bin/python3 packaging/atspi_tree.py "$@" || code=$?
  kill $app 2>/dev/null || true
  exit $code
' atspi "$@"

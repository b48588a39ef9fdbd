#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Finds Python 3.11 or newer and hands over to dev.py. On Debian or Ubuntu, as root, installs python3 if there is none.
set -eu
here=$(dirname "$0")

find_python() {
    for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14 python; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            printf '%s\n' "$name"
            return 0
        fi
    done
    return 1
}

if ! python=$(find_python); then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "Installing Python 3 …"
        apt-get update -qq >/dev/null
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 python3-venv >/dev/null
    fi
    if ! python=$(find_python); then
        echo "Weighbridge needs Python 3.11 or newer, and none was found." >&2
        if command -v apt-get >/dev/null 2>&1; then
            echo "Please run:  sudo apt-get update && sudo apt-get install -y python3 python3-venv" >&2
            echo "(if that gives an older one, install Python 3.11 or newer and set PYTHON to its path)" >&2
        elif [ "$(uname -s)" = Darwin ]; then
            echo "Please install it from python.org, or run:  brew install python@3.13" >&2
        fi
        exit 1
    fi
fi
exec "$python" "$here/dev.py" "$@"

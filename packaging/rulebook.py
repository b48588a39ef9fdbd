# SPDX-License-Identifier: Apache-2.0
"""Make and sign a rulebook, so that people get newer rules without a newer app. See docs/rulebook.md.

    python packaging/rulebook.py keygen --holder "NAME" --secret PATH   a new key pair; prints the public half
    python packaging/rulebook.py build --secret PATH --out FILE         resources/rules as one signed file

The secret half is 32 bytes in base64 and stays outside the checkout, readable for you alone.
"""

from __future__ import annotations

import argparse
import base64
import datetime
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from nacl.signing import SigningKey  # noqa: E402

from core.errors import BadRules  # noqa: E402
from core.rules.load import load_files, read_files  # noqa: E402
from core.rules.updates.keys import Key, key_text, read_key  # noqa: E402
from core.rules.updates.pack import open_pack, pack  # noqa: E402


def main(arguments: list[str]) -> int:
    """Carry out one command; returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    keygen = commands.add_parser("keygen")
    keygen.add_argument("--holder", required=True)
    keygen.add_argument("--secret", type=Path, required=True, help="a new file, outside the checkout")
    build = commands.add_parser("build")
    build.add_argument("--secret", type=Path, required=True)
    build.add_argument("--rules", type=Path, default=ROOT / "resources" / "rules")
    build.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    try:
        return _keygen(chosen.holder, chosen.secret) if chosen.command == "keygen" else _build(chosen)
    except (OSError, ValueError, BadRules) as problem:
        print(problem, file=sys.stderr)
        return 1


def _keygen(holder: str, secret: Path) -> int:
    if secret.resolve().is_relative_to(ROOT):
        print("Keep the secret key outside the checkout.", file=sys.stderr)
        return 1
    signing = SigningKey.generate()
    handle = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    today = datetime.datetime.now(tz=datetime.UTC).date()
    key = Key(holder=holder, public=base64.b64encode(bytes(signing.verify_key)).decode(), made_on=today)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(base64.b64encode(bytes(signing)).decode() + "\n")
    public = secret.with_name(f"{secret.name}.weighbridge-key")
    public.write_text(key_text(key), encoding="utf-8")
    print(
        f"Secret key: {secret}\nPublic key: {public} (id {key.id})\nFor resources/keys/rulebook_keys.yaml:\n"
    )
    first, *rest = key_text(key).splitlines()
    print("\n".join([f"- {first}", *(f"  {line}" for line in rest)]))
    return 0


def _build(chosen: argparse.Namespace) -> int:
    signing = SigningKey(base64.b64decode(chosen.secret.read_text(encoding="ascii").strip(), validate=True))
    key = read_key(chosen.secret.with_name(f"{chosen.secret.name}.weighbridge-key").read_bytes())
    files = read_files(chosen.rules)
    data = pack(files, key, lambda message: signing.sign(message).signature)
    book = open_pack(data, [key])
    if book != load_files(files):
        raise ValueError("The file does not read back as it was written.")
    chosen.out.write_bytes(data)
    print(f"{chosen.out}: edition {book.edition.number}, {len(data):,} bytes, hash {book.hash}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

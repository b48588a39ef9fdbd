# SPDX-License-Identifier: Apache-2.0
"""Files of a training run that are known but left closed, with the reason."""

import re
from collections.abc import Collection, Iterator, Mapping

from core.domain.scan_result import FileOutcome, FileRecord
from core.scan.places import Folder, Places
from core.texts import text

_KINDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r".*\.(?:bin|pt|pth|ckpt|pkl|joblib)\Z", re.I), "scan.left.pickle"),
    (re.compile(r".*\.(?:gguf|onnx|keras|h5|msgpack|tflite|npz)\Z", re.I),
     "scan.left.later"),
    (re.compile(r"events\.out\.tfevents\..*"), "scan.left.log"),
    (re.compile(r"(?:tokenizer(?:_config)?|special_tokens_map|vocab|added_tokens)\.json\Z|tokenizer\.model\Z|merges\.txt\Z"),
     "scan.left.tokenizer"),
    (re.compile(r"generation_config\.json\Z|chat_template\.jinja\Z"), "scan.left.use"),
)  # fmt: skip
_MOST = 60


def leftovers(
    folders: Mapping[str, Folder], places: Places, known: Collection[str] = ()
) -> Iterator[FileRecord]:
    """Records (SKIPPED, with the reason) for files whose paths are not in `known`: those of the model's own folder
    first, then the others; at most 60."""
    count = 0
    first = (places.home, *places.parts, *places.checkpoints)
    for folder in (*first, *sorted(folders.keys() - set(first))):
        for _, entry in sorted(folders.get(folder, {}).items()):
            if entry.path in known:
                continue
            count += 1
            if count > _MOST:
                return
            what = _reason(entry.name) or text(
                "scan_tools.left.unknown" if folder in first else "scan_tools.left.elsewhere"
            )
            yield FileRecord(path=entry.path, size=entry.size, outcome=FileOutcome.SKIPPED, what=what)


def _reason(name: str) -> str | None:
    return next((text(key) for pattern, key in _KINDS if pattern.match(name)), None)

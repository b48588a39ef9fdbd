# SPDX-License-Identifier: Apache-2.0
"""Files of a training run that are known but left closed, with the reason."""

import re
from collections.abc import Iterator, Mapping

from core.domain.scan_result import FileOutcome, FileRecord
from core.scan.places import Folder, Places
from core.texts import text

_KINDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r".*\.(?:bin|pt|pth|ckpt|pkl|joblib)\Z", re.I), "scan.left.pickle"),
    (re.compile(r".*\.(?:gguf|onnx|keras|h5|msgpack|tflite|npz)\Z|model_index\.json\Z|mergekit_config\.ya?ml\Z", re.I),
     "scan.left.later"),
    (re.compile(r"events\.out\.tfevents\..*"), "scan.left.log"),
    (re.compile(r"(?:tokenizer(?:_config)?|special_tokens_map|vocab|added_tokens)\.json\Z|tokenizer\.model\Z|merges\.txt\Z"),
     "scan.left.tokenizer"),
    (re.compile(r"generation_config\.json\Z|chat_template\.jinja\Z"), "scan.left.use"),
)  # fmt: skip
_MOST = 60


def leftovers(folders: Mapping[str, Folder], places: Places) -> Iterator[FileRecord]:
    """Records (SKIPPED) for the model's own folder; at most 60."""
    count = 0
    for _, entry in sorted(folders.get(places.home, {}).items()):
        for pattern, key in _KINDS:
            if pattern.match(entry.name):
                count += 1
                if count > _MOST:
                    return
                yield FileRecord(
                    path=entry.path, size=entry.size, outcome=FileOutcome.SKIPPED, what=text(key)
                )
                break

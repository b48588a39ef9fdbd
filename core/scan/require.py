# SPDX-License-Identifier: Apache-2.0
"""Says plainly why there is nothing to weigh."""

from core.domain.scan_result import ScanResult
from core.errors import CannotRead
from core.scan.refusal import refuse

_PICTURES = frozenset(
    {
        ".jpg",
        ".jpeg",
        ".png",
        ".heic",
        ".gif",
        ".webp",
        ".tif",
        ".tiff",
        ".raw",
        ".cr2",
        ".nef",
        ".mp4",
        ".mov",
    }
)
_LATER = {".gguf": "GGUF", ".onnx": "ONNX", ".keras": "Keras", ".h5": "Keras", ".pt": "PyTorch", ".pth": "PyTorch",
          ".bin": "PyTorch", ".ckpt": "PyTorch", ".pkl": "pickle"}  # fmt: skip


def require_model(scan: ScanResult) -> None:
    """Raise CannotRead when the scan found nothing about a model; the message names what was seen instead."""
    if scan.found_model:
        return
    if scan.unreadable:
        first = scan.unreadable[0]
        names = ", ".join(record.path for record in scan.unreadable[:5])
        raise CannotRead(
            refuse("nothing.unreadable", names=names).what,
            f"{first.path}: {first.what} {first.why}",
            first.todo,
        )
    if not scan.kinds:
        raise refuse("nothing.empty" if scan.files_ignored == 0 else "nothing.skipped")
    seen = ", ".join(f"{count:,} × {ending or 'no ending'}" for ending, count in scan.kinds[:6])
    endings = {ending for ending, _ in scan.kinds}
    later = sorted({_LATER[ending] for ending in endings if ending in _LATER})
    if later:
        raise refuse("nothing.later", seen=seen, formats=" and ".join(later))
    pictures = sum(count for ending, count in scan.kinds if ending in _PICTURES)
    if pictures * 2 > sum(count for _, count in scan.kinds):
        raise refuse("nothing.pictures", seen=seen)
    trouble = refuse("nothing.other", seen=seen)
    declined = [f"{record.path}: {record.why}" for record in scan.files if record.why][:3]
    raise CannotRead(trouble.what, " ".join((trouble.why, *declined)), trouble.todo)

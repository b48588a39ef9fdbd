# SPDX-License-Identifier: Apache-2.0
"""What packaging/atspi_tree.sh walks: two model folders with a conflict and a damaged file, one of them answered.

.venv/bin/python packaging/atspi_case.py INTO
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def main() -> int:
    """Write them: the folder "open", and "answered.weighbridge.json", the saved project of another one."""
    from screenshots import ANSWERS

    from core.domain.project import Project
    from core.persist import dumps
    from core.scan import scan_path

    into = Path(sys.argv[1])
    for name in ("open", "model"):
        folder = into / name
        shutil.copytree(ROOT / "resources" / "examples" / "tiny-llama-lora", folder)
        card = folder / "README.md"
        told = card.read_text(encoding="utf-8")
        card.write_text(told.replace("train_batch_size: 4", "train_batch_size: 16"), encoding="utf-8")
        (folder / "all_results.json").write_text('{"epoch": 2.', encoding="utf-8")
    project = Project(folder=str(into / "model"), scan=scan_path(into / "model"), step="found")
    answers = project.answers
    for name, value in ANSWERS.items():
        answers = answers.with_answer(name, value)
    (into / "answered.weighbridge.json").write_bytes(dumps(project.replace(answers=answers)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

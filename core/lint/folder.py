# SPDX-License-Identifier: Apache-2.0
"""Rules on the files beside the card. Every file is opened for its first 2 MB at most; nothing is unpacked or run."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.documents.privacy import Private, find_private
from core.domain.known import Known
from core.domain.scan_result import ScanResult
from core.lint.card import Card
from core.lint.problem import CARD, Problem, problem

MOST_FILES = 3_000
MOST_BYTES = 2_000_000
"""Of one file: tokens stand in settings and at the head of weights, never in the tensors behind."""
MOST_IN_ALL = 100_000_000
_SKIPPED = frozenset({".git", "__pycache__", ".venv", "node_modules", ".cache"})
_PICKLE = re.compile(r".*\.(?:bin|pt|pth|ckpt|pkl|pickle|joblib|t7)$", re.IGNORECASE)
_STATE = re.compile(
    r"(?:optimizer|scheduler|scaler|rng_state(?:_\d+)?|training_args|trainer_state|random_states_\d+|.*_optim_states|sampler.*)\.(?:pt|pth|bin|pkl|json)$"
)
_SECRET_FILE = re.compile(
    r"(?:\.env(?:\.\w+)?|id_rsa|id_ed25519|\.netrc|_netrc|.*\.pem|credentials(?:\.json)?|kaggle\.json|token)$"
)
_SAFE = re.compile(r".*\.(?:safetensors|gguf|onnx)$", re.IGNORECASE)
_TEXT = re.compile(r".*\.(?:json|jsonl|ya?ml|toml|md|txt|py|sh|log|cfg|ini|ipynb|csv|env)$", re.IGNORECASE)
# A home folder with a person's own name in it; names that stand for anybody are let through.
_HOME = re.compile(
    r"(?<![\w.~])(?:/home/|/Users/|[A-Za-z]:\\{1,2}Users\\{1,2})(?!(?:user|username|you|your|yourname|your_name|me|ubuntu|name|runner|jovyan|"
    r"example|public|shared|USER|USERNAME|[xX]{2,}|foo|test)\b)[A-Za-z][\w.-]*|(?<![\w.])/(?:kaggle/(?:input|working)|content/drive)/[\w.-]+"
)
_SECRETS = frozenset({Private.TOKEN, Private.KEY_BLOCK, Private.LOGIN})
_FAKE = re.compile(r"x{6,}|\*{4,}|\.{3}|your|example|<|0{8,}|1234567", re.IGNORECASE)


@dataclass(frozen=True)
class Tree:
    """Plain files of a folder, relative with forward slashes."""

    root: Path
    files: tuple[str, ...]

    def has(self, pattern: str) -> bool:
        """Whether a file at the top has a name of this pattern (any case)."""
        return any(re.fullmatch(pattern, name, re.IGNORECASE) for name in self.files)


def read_tree(root: Path) -> Tree:
    """The files of `root`, hidden ones too; links out of the folder and tool folders are left out."""
    found: list[str] = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        for name in sorted(names):
            path = Path(folder) / name
            if (
                len(found) < MOST_FILES
                and path.is_file()
                and (not path.is_symlink() or path.resolve().parent.name == "blobs")
            ):
                found.append(path.relative_to(root).as_posix())
    return Tree(root, tuple(found))


def folder_problems(tree: Tree, scan: ScanResult | None) -> Iterator[Problem]:
    """Weights that can run code, training leftovers, files that could not be read."""
    pickled = [
        name for name in tree.files if _PICKLE.fullmatch(name) and not _STATE.search(name.rpartition("/")[2])
    ]
    if pickled:
        kind = "beside" if any(_SAFE.fullmatch(name) for name in tree.files) else ""
        yield problem("pickle-weights", None, file=pickled[0], kind=kind, names=", ".join(pickled[:5]))
    left = [
        name
        for name in tree.files
        if re.search(
            r"(?:^|/)(?:optimizer|scheduler|rng_state|random_states_)[\w.]*\.(?:pt|pth|bin|pkl)$", name
        )
    ]
    if left:
        yield problem("training-leftover", None, file=left[0], names=", ".join(left[:5]))
    for name in tree.files:
        if _SECRET_FILE.fullmatch(name.rpartition("/")[2].lower()):
            yield problem("secret-file", None, file=name, name=name)
    if scan is not None:
        for record in scan.unreadable:
            yield problem(
                "file-unreadable", None, file=record.path, name=record.path, why=record.why or record.what
            )


def relation_problems(card: Card, tree: Tree, found: Known | None) -> Iterator[Problem]:
    """The base and its relation as the folder shows them, against the card's words."""
    if card.broken:
        return
    shown = "adapter" if tree.has(r"adapter_config\.json") else "merge" if tree.has(r"mergekit_config\.ya?ml") else (
        "quantized" if any(name.lower().endswith(".gguf") for name in tree.files) or (found is not None and found.mapping("quantization")) else ""
    )  # fmt: skip
    stated = card.values.get("base_model_relation")
    if (
        shown
        and isinstance(stated, str)
        and stated != shown
        and not (shown == "quantized" and stated in ("finetune", "merge"))
    ):
        yield problem("relation-wrong", card.line("base_model_relation"), stated=stated, shown=shown)
    there = found.text("base_model") if found is not None else None
    if there is None or there.origin.file is None or there.origin.file.lower() == CARD.lower():
        return
    bases = [str(one).lower() for one in card.listed("base_model")]
    if not bases:
        yield problem("base-model-missing", None, base=there.value, file_name=there.origin.file)
    elif there.value.lower() not in bases and _plain(there.value) not in {_plain(one) for one in bases}:
        yield problem(
            "base-model-differs",
            card.line("base_model"),
            stated=", ".join(bases),
            base=there.value,
            file_name=there.origin.file,
        )


def _plain(name: str) -> str:
    """A base's name without its owner and the words for packing: unsloth/x-bnb-4bit means x."""
    return re.sub(r"(?:-unsloth)?(?:-bnb)?(?:-4bit|-8bit)?$|^meta-", "", name.lower().rpartition("/")[2])


def private_problems(name: str, content: str, *, is_card: bool = False) -> Iterator[Problem]:
    """Tokens, keys and logins (each once for each line), and folders that carry a person's name."""
    for spot in find_private(content):
        shown = content[spot.start : spot.end]
        if spot.kind in _SECRETS and not _FAKE.search(shown):
            if (
                spot.kind is Private.LOGIN
                and is_card
                and re.match(r"(?:user|username|name|<)", shown, re.IGNORECASE)
            ):
                continue
            yield problem(
                "secret",
                1 + content.count("\n", 0, spot.start),
                file=name,
                kind=spot.kind.value,
                start=shown[:6],
            )
    if match := _HOME.search(content):
        count = sum(1 for _ in _HOME.finditer(content))
        yield problem(
            "private-path",
            1 + content.count("\n", 0, match.start()),
            file=name,
            path=match[0],
            count=str(count),
        )


def private_in_files(tree: Tree, counted: list[int]) -> Iterator[Problem]:
    """As `private_problems` for every file but the card. Binary files: secrets only, by their plain letters."""
    left = MOST_IN_ALL
    for name in tree.files:
        if name.lower() == CARD.lower() or left <= 0:
            continue
        try:
            with (tree.root / name).open("rb") as stream:
                data = stream.read(MOST_BYTES)
        except OSError:
            continue
        left -= len(data)
        counted[0] += 1
        text = _TEXT.fullmatch(name) is not None
        content = data.decode("utf-8", "replace") if text else _letters(data)
        for one in private_problems(name, content):
            if text:
                yield one
            elif one.rule == "secret" or not _SAFE.fullmatch(name):
                yield one.replace(line=None)


def _letters(data: bytes) -> str:
    """Runs of at least eight letters of ASCII, as `strings` prints them: text in a pickle or a header."""
    return "\n".join(run.decode("ascii") for run in re.findall(rb"[\x20-\x7e]{8,}", data))

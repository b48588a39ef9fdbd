# SPDX-License-Identifier: Apache-2.0
"""LICENSE files: the commonest licence texts by their own first words. The text itself is never a fact."""

import re
from collections.abc import Iterator

from core.scan.guarded import Source
from core.scan.types import Entry, Found, Item, NotMine
from core.texts import text

NAME = "licence_file"
EVERY_PLACE = False
_NAME = re.compile(r"(?:licen[cs]e|copying|unlicense)(?:[-_.][\w.-]{1,20})?\Z", re.I)
_HEAD = 3_000
"""Characters that are looked at for a title; conditions may stand anywhere in the text."""
_TITLES: tuple[tuple[str, str], ...] = (
    ("apache-2.0", r"apache license,? version 2\.0"),
    ("agpl-3.0", r"gnu affero general public license version 3"),
    ("lgpl-3.0", r"gnu lesser general public license version 3"),
    ("lgpl-2.1", r"gnu lesser general public license version 2\.1"),
    ("gpl-3.0", r"gnu general public license version 3"),
    ("gpl-2.0", r"gnu general public license version 2"),
    ("mpl-2.0", r"mozilla public license,? version 2\.0"),
    ("epl-2.0", r"eclipse public license - v 2\.0"),
    ("cc0-1.0", r"cc0 1\.0 universal|creative commons legal code cc0"),
    ("cc-by-nc-nd-4.0", r"attribution-noncommercial-noderivatives 4\.0 international"),
    ("cc-by-nc-sa-4.0", r"attribution-noncommercial-sharealike 4\.0 international"),
    ("cc-by-nc-4.0", r"attribution-noncommercial 4\.0 international"),
    ("cc-by-nd-4.0", r"attribution-noderivatives 4\.0 international"),
    ("cc-by-sa-4.0", r"attribution-sharealike 4\.0 international"),
    ("cc-by-4.0", r"attribution 4\.0 international"),
    ("bigcode-openrail-m", r"bigcode open ?rail-?m"),
    ("openrail++", r"creativeml open rail\+\+-m"),
    ("creativeml-openrail-m", r"creativeml open rail-m"),
    ("llama4", r"llama 4 community license agreement"),
    ("llama3.3", r"llama 3\.3 community license agreement"),
    ("llama3.2", r"llama 3\.2 community license agreement"),
    ("llama3.1", r"llama 3\.1 community license agreement"),
    ("llama3", r"meta llama 3 community license agreement"),
    ("llama2", r"llama 2 community license agreement"),
    ("gemma", r"gemma terms of use"),
    ("unlicense", r"this is free and unencumbered software released into the public domain"),
    ("wtfpl", r"do what the fuck you want to public license"),
    ("eupl-1.2", r"european union public licence v\. ?1\.2"),
    ("isc", r"permission to use, copy, modify, and(?:/or)? distribute this software for any purpose with or without fee"),
    ("zlib", r"this software is provided ['\"‘’]?as-is['\"‘’]?, without any express or implied warranty"),
)  # fmt: skip
_TITLES_READ = tuple((name, re.compile(pattern)) for name, pattern in _TITLES)
_MIT = re.compile(r"permission is hereby granted, free of charge, to any person obtaining a copy")
_BSD = re.compile(r"redistribution and use in source and binary forms, with or without modification")
_BSD_THIRD = re.compile(r"neither the name of")
HUB_IDS = frozenset(name for name, _ in _TITLES) | {
    "mit", "bsd-3-clause", "bsd-2-clause", "openrail", "other", "afl-3.0", "artistic-2.0", "bsd", "gpl", "agpl", "cc",
}  # fmt: skip
"""Licence ids of the hub that may pass from a tool's free text into a fact."""


def matches(entry: Entry) -> bool:
    """LICENSE, LICENCE, COPYING, with or without an ending."""
    return bool(_NAME.match(entry.name)) and not entry.name.lower().endswith((".py", ".json"))


def read(source: Source) -> Iterator[Item]:
    """The licence's id on the hub, when the text is one of the common ones."""
    licence = recognise(source.text())
    if licence is None:
        yield NotMine(text("scan_tools.licence.unknown"))
        return
    yield Found("license", licence, "", text("scan_tools.licence.by_text"))


def recognise(words: str) -> str | None:
    """The hub id of a licence text, or None. One file with several licences gives none."""
    plain = " ".join(re.sub(r"[*_#>\"“”]+", " ", words[:200_000]).lower().split())
    head = plain[:_HEAD]
    title = next((name for name, pattern in _TITLES_READ if pattern.search(head)), None)
    others = {"mit"} if _MIT.search(plain) else set()
    if _BSD.search(plain):
        others.add("bsd-3-clause" if _BSD_THIRD.search(plain) else "bsd-2-clause")
    if title is not None:
        # The GNU and Creative Commons texts name their relatives only further down.
        return title if not others else None
    return others.pop() if len(others) == 1 else None


def hub_licence(value: object) -> str | None:
    """A tool's word for a licence as an id of the hub: "MIT", "CC BY-SA 3.0", "Apache 2.0"; None when unsure."""
    if not isinstance(value, str) or len(value) > 60:
        return None
    name = re.sub(r"[\s_]+", "-", value.strip().lower()).removesuffix("-license")
    for candidate in (
        name,
        {"apache": "apache-2.0", "gnu-gpl-3.0": "gpl-3.0", "bsd-3": "bsd-3-clause"}.get(name, ""),
    ):
        if candidate in HUB_IDS or re.fullmatch(r"cc-by(?:-nc)?(?:-sa|-nd)?-[234]\.0", candidate):
            return candidate
    return None

# SPDX-License-Identifier: Apache-2.0
"""Licence texts and words for licences as files hold them."""

import pytest

from core.scan.formats.licence_file import hub_licence, recognise


@pytest.mark.parametrize(
    ("words", "licence"),
    [
        ("                                 Apache License\n                           Version 2.0, January 2004\n", "apache-2.0"),
        ("MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy", "mit"),
        ("GNU AFFERO GENERAL PUBLIC LICENSE\n   Version 3, 19 November 2007", "agpl-3.0"),
        ("GNU LESSER GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007 ... the GNU General Public License", "lgpl-3.0"),
        ("Redistribution and use in source and binary forms, with or without\nmodification ... Neither the name of", "bsd-3-clause"),
        ("Redistribution and use in source and binary forms, with or without\nmodification, are", "bsd-2-clause"),
        ("Attribution-NonCommercial 4.0 International\n\nCreative Commons Corporation", "cc-by-nc-4.0"),
        ("LLAMA 3.1 COMMUNITY LICENSE AGREEMENT\nLlama 3.1 Version Release Date: July 23, 2024", "llama3.1"),
        ("CreativeML Open RAIL++-M License", "openrail++"),
        ("Apache License Version 2.0 ... Permission is hereby granted, free of charge, to any person obtaining a copy", None),
        ("All rights reserved.", None),
    ],
)  # fmt: skip
def test_licence_texts(words: str, licence: str | None) -> None:
    assert recognise(words) == licence


def test_words_for_licences() -> None:
    assert [hub_licence(word) for word in ("MIT", "CC BY-SA 4.0", "Apache 2.0", "GPL", "mine", "/home/x", None)] == [
        "mit", "cc-by-sa-4.0", "apache-2.0", "gpl", None, None, None,
    ]  # fmt: skip

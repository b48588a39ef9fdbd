# SPDX-License-Identifier: Apache-2.0
"""YAML settings that training tools leave or were started with, whatever the file is called.

Tools share names (config.yaml, args.yaml) and people choose their own, so the keys decide. A tool is one module with
`is_mine` and `facts`, and one line in TOOLS.
"""

from collections.abc import Iterator
from typing import Protocol

from core.scan.formats import (
    ai_toolkit,
    axolotl,
    eval_results,
    front_matter,
    litgpt,
    llama_factory,
    mergekit,
    timm_run,
    torchtune,
    ultralytics,
)
from core.scan.formats.image_tools import said_by
from core.scan.guarded import Source
from core.scan.settings import Settings
from core.scan.types import Entry, Item, NotMine
from core.texts import text

NAME = "tool_yaml"
EVERY_PLACE = False
CAP = 500_000
"""Bytes of a file of settings."""


class YamlTool(Protocol):
    """A tool whose settings are YAML."""

    NAME: str

    def is_mine(self, settings: Settings) -> bool:
        """Whether the keys are this tool's."""

    def facts(self, settings: Settings, source: Source, /) -> Iterator[Item]:
        """Facts of the settings."""


TOOLS: tuple[YamlTool, ...] = (
    mergekit,
    ai_toolkit,
    torchtune,
    litgpt,
    ultralytics,
    llama_factory,
    axolotl,
    timm_run,
)


def matches(entry: Entry) -> bool:
    """Any *.yaml or *.yml but the environment lists of conda."""
    return entry.name.lower().endswith((".yaml", ".yml")) and not entry.name.lower().startswith(
        ("environment", ".", ai_toolkit.META)
    )


def read(source: Source) -> Iterator[Item]:
    """Facts of the tool whose keys these are."""
    parsed = front_matter.parse_any(source.text(CAP), "settings")
    if isinstance(parsed, list) and eval_results.is_mine(parsed):
        yield from eval_results.facts(parsed)
        return
    settings = Settings(parsed if isinstance(parsed, dict) else {})
    for tool in TOOLS:
        if tool.is_mine(settings):
            yield from said_by(tool.NAME, tool.facts(settings, source))
            return
    yield NotMine(text("scan_tools.yaml.other"))

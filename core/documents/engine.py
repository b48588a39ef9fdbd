# SPDX-License-Identifier: Apache-2.0
"""Jinja2 set up once: undefined names fail, templates come from our resources only, user text is data."""

import functools
import re

import jinja2

from core.documents import markdown
from core.documents.markdown import Safe
from core.resources import read_text


def _load(name: str) -> str | None:
    try:
        return read_text(f"templates/{name}")
    except (FileNotFoundError, ValueError):
        return None


def _escaped(value: object) -> object:
    """What every `{{ }}` of a Markdown template passes: plain text is escaped, whole numbers are printed."""
    if isinstance(value, Safe | jinja2.Undefined):
        return value
    if isinstance(value, str):
        return markdown.inline(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise TypeError(f"a template printed a {type(value).__name__}; give it words instead")


@functools.cache
def markdown_engine() -> jinja2.Environment:
    """The engine of Markdown templates. Every printed text is escaped unless a filter made it Markdown."""
    engine = jinja2.Environment(
        loader=jinja2.FunctionLoader(_load),
        undefined=jinja2.StrictUndefined,
        finalize=_escaped,
        autoescape=False,  # noqa: S701 - Markdown: `finalize` escapes for Markdown and HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    engine.filters["prose"] = markdown.prose
    engine.filters["code"] = markdown.fenced
    engine.filters["link"] = lambda label, url: markdown.link(label, url) if url else markdown.inline(label)
    return engine


def markdown_page(template: str, **values: object) -> str:
    """A whole Markdown document by `template`: at most one empty line in a row, one line break at its end."""
    shown = markdown_engine().get_template(template).render(**values)
    return re.sub(r"\n{3,}", "\n\n", shown).strip() + "\n"


@functools.cache
def html_engine() -> jinja2.Environment:
    """The engine of HTML templates: every printed text is escaped for HTML."""
    engine = jinja2.Environment(
        loader=jinja2.FunctionLoader(_load),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    engine.filters["web"] = _web_address
    return engine


def _web_address(url: str | None) -> str:
    """`url` when it is a web address, else an empty text (no script or file addresses in a page)."""
    return url if url and url.startswith(("https://", "http://")) else ""

# SPDX-License-Identifier: Apache-2.0
"""A small badge for a README: the training compute with its range, and the date of the rules. No script, no outside font.

One file for light and dark: its colours follow the reader's setting, as the scale's do. Words are never told by
colour alone.
"""

from html import escape

from core.documents.kinds import BADGE, document_kind
from core.documents.words import day
from core.domain.assessment import Assessment
from core.domain.document import RenderedDocument
from core.texts import text
from core.units import scientific

_LETTER = 6.7
"""Mean width of a letter at 11 px in the widest of the fonts named below; text is fitted to its box by the reader."""
_PAD, _HEIGHT = 8, 22


def render_badge(assessment: Assessment) -> RenderedDocument:
    """training-compute-badge.svg."""
    kind = document_kind(BADGE)
    return RenderedDocument(kind=kind, file_name=kind.file_name, content=badge_svg(assessment))


def badge_words(assessment: Assessment) -> tuple[str, str]:
    """(what, how much): both halves of the badge. "not known" when it is not, never a zero."""
    own = assessment.footprint.accounts.own
    if own is None:
        amount = text("badge.unknown")
    elif own.low == own.high:
        amount = text("badge.exact", value=scientific(own.central))
    else:
        amount = text(
            "badge.range", value=scientific(own.central), low=scientific(own.low), high=scientific(own.high)
        )
    return text("badge.label"), text(
        "badge.dated", amount=amount, date=day(assessment.rulebook.checked_up_to)
    )


def badge_svg(assessment: Assessment) -> str:
    """The picture. Pure: the same assessment gives the same bytes."""
    label, value = badge_words(assessment)
    left, right = (round(len(words) * _LETTER * 0.86) + 2 * _PAD for words in (label, value))
    wide = left + right
    said = escape(f"{label}: {value}", quote=False)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {_HEIGHT}" width="{wide}" height="{_HEIGHT}" '
        f'role="img" aria-labelledby="badge-title">\n<title id="badge-title">{said}</title>\n<style>{_STYLE}</style>\n'
        f'<rect class="edge" x="0.5" y="0.5" width="{wide - 1}" height="{_HEIGHT - 1}" rx="3.5"/>\n'
        f'<path class="label" d="M4 1H{left}V{_HEIGHT - 1}H4a3 3 0 0 1-3-3V4a3 3 0 0 1 3-3z"/>\n'
        f"{_words('on', label, _PAD, left - 2 * _PAD)}\n{_words('ink', value, left + _PAD, right - 2 * _PAD)}\n</svg>\n"
    )


def badge_snippet(assessment: Assessment) -> str:
    """The line of Markdown that shows the badge in a README."""
    label, value = badge_words(assessment)
    return f"![{label}: {value}]({document_kind(BADGE).file_name})"


def _words(kind: str, words: str, start: int, wide: int) -> str:
    return f'<text class="{kind}" x="{start}" y="15" textLength="{wide}" lengthAdjust="spacingAndGlyphs">{escape(words, quote=False)}</text>'


_STYLE = """
text{font:11px system-ui,-apple-system,"Segoe UI",sans-serif}
.edge{fill:#fbfbf9;stroke:#565b61}.label{fill:#3a3f45}.on{fill:#ffffff}.ink{fill:#1b1d20}
@media (prefers-color-scheme:dark){
.edge{fill:#1c1e21;stroke:#a9aeb4}.label{fill:#d3d6d9}.on{fill:#1b1d20}.ink{fill:#ebebe7}
}
"""

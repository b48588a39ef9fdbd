# SPDX-License-Identifier: Apache-2.0
"""The visual language as numbers: colours, type sizes, space. docs/design.md says why. No Qt here."""

from typing import NamedTuple

UNIT = 8
"""The grid, in device-independent pixels."""

RATIO = 1.2
"""Each type size is the one before times this; heading is the third step above body."""

GLIDE_MS = 150
"""How long the scale's bars take to their new place."""

FOCUS_WIDTH = 2
"""Width of the focus ring in pixels."""


class Tokens(NamedTuple):
    """The colours of one scheme, as #rrggbb. Every pair used together is measured in tests/gui/test_theme.py."""

    name: str
    paper: str  # the page
    desk: str  # what the page lies on: step list, foot
    raised: str  # fields, cards
    ink: str  # text
    quiet: str  # second-rank text
    rule: str  # hairlines that only divide
    edge: str  # the outline of a control: must reach 3:1
    accent: str  # what can be pressed
    accent_hover: str
    accent_ink: str  # text on accent
    tint: str  # a breath of accent: chosen rows
    clear: str  # nothing to do
    clear_tint: str
    look: str  # look here
    look_tint: str
    owed: str  # owed by law or licence
    owed_tint: str

    @property
    def dark(self) -> bool:
        """Whether this is the dark scheme."""
        return self.name == "dark"


LIGHT = Tokens(
    name="light",
    paper="#fbfbf9",
    desk="#f1f1ed",
    raised="#ffffff",
    ink="#1b1d20",
    quiet="#565b61",
    rule="#dfdfd9",
    edge="#83888d",
    accent="#1d4f91",
    accent_hover="#163d72",
    accent_ink="#ffffff",
    tint="#e3ebf6",
    clear="#0a6b50",
    clear_tint="#e5f1e9",
    look="#7d5200",
    look_tint="#faf0d9",
    owed="#9c1030",
    owed_tint="#f9e6ec",
)

DARK = Tokens(
    name="dark",
    paper="#1c1e21",
    desk="#151719",
    raised="#25282c",
    ink="#ebebe7",
    quiet="#a9aeb4",
    rule="#34383d",
    edge="#7b828a",
    accent="#9cc2f5",
    accent_hover="#bdd6f9",
    accent_ink="#10243f",
    tint="#2a3748",
    clear="#6fd6bb",
    clear_tint="#1f3329",
    look="#ecc06a",
    look_tint="#383021",
    owed="#ff9d9d",
    owed_tint="#3d2630",
)


def sizes(body: float) -> dict[str, float]:
    """The four type sizes in points for a body size: small, body, lead, heading."""
    return {"small": body / RATIO, "body": body, "lead": body * RATIO, "heading": body * RATIO**3}


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def colours(tokens: Tokens) -> dict[str, str]:
    """The colours by name, for the style sheet."""
    return {name: colour for name, colour in tokens._asdict().items() if name != "name"}

# SPDX-License-Identifier: Apache-2.0
"""What a screen reader is told: walks every page through AT-SPI, the system's own interface, and names what has no name.

    packaging/atspi_tree.sh            starts a display, a bus and the app, then this, with the system's Python

Prints one line per page and each control that can take the focus and has neither name nor label; exit 1 when there is one.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

NAMELESS_IS_FINE = {
    "filler",
    "panel",
    "scroll pane",
    "layered pane",
    "separator",
    "scroll bar",
    "viewport",
    "frame",
    "split pane",
}
PATIENCE = 30.0


def main() -> int:
    """Walk; returns the exit code."""
    app = _wait_for("weighbridge")
    if app is None:
        print("The app did not appear on the accessibility bus.", file=sys.stderr)
        return 2
    window, steps = _wait_for_steps(app)
    if not steps:
        print("The list of steps did not appear: nothing was walked.", file=sys.stderr)
        return 2
    if "--dump" in sys.argv:
        for one in _walk(window):
            if _shows(one):
                print(
                    "   ",
                    one.get_role_name(),
                    "|",
                    one.get_name()[:50],
                    "|",
                    one.get_parent().get_name()[:30],
                )
    print(f"{len(steps)} steps in the list: {', '.join(one.get_name() for one in steps)}")
    nameless = _page(window, "Home")
    for place in range(len(steps)):
        step = _steps(window)[place]
        name = step.get_name()
        if not step.do_action(0):
            print(f"  {name}: pressing it did nothing")
        time.sleep(1.2)
        nameless += _page(window, name)
    print("Every control has a name." if not nameless else f"{nameless} controls without a name.")
    return 1 if nameless else 0


def _wait_for_steps(app: Any) -> tuple[Any, list[Any]]:
    """The window and its steps: on a slow machine the first picture, which has none, stands for a while."""
    until = time.monotonic() + PATIENCE
    window, steps = None, []
    while not steps and time.monotonic() < until:
        time.sleep(0.5)
        window = _first(app, lambda one: one.get_role_name() == "frame" and _shows(one))
        steps = _steps(window) if window is not None else []
    return window, steps


def _page(window: Any, title: str) -> int:
    shown = [one for one in _walk(window) if _shows(one)]
    controls = [one for one in shown if one.get_state_set().contains(Atspi.StateType.FOCUSABLE)]
    heading = next(
        (one.get_name() for one in shown if one.get_role_name() in ("label", "heading") and one.get_name()),
        "",
    )
    bad = [one for one in controls if not _named(one) and one.get_role_name() not in NAMELESS_IS_FINE]
    print(f"{title}: {len(shown)} things, {len(controls)} controls, first words “{heading[:60]}”")
    for one in bad:
        print(f"  no name: {one.get_role_name()} in {_path(one)}")
    return len(bad)


def _named(one: Any) -> bool:
    relations = one.get_relation_set() or []
    labelled = any(relation.get_relation_type() == Atspi.RelationType.LABELLED_BY for relation in relations)
    return bool(one.get_name() or labelled)


def _steps(window: Any) -> list[Any]:
    return [
        one
        for one in _walk(window)
        if one.get_role_name() == "push button" and one.get_parent().get_name() == "Steps"
    ]


def _path(one: Any) -> str:
    names = []
    while one is not None and one.get_role_name() != "application":
        names.append(one.get_name() or one.get_role_name())
        one = one.get_parent()
    return " < ".join(names[:6])


def _walk(one: Any) -> Iterator[Any]:
    for place in range(one.get_child_count()):
        child = one.get_child_at_index(place)
        if child is not None:
            yield child
            yield from _walk(child)


def _shows(one: Any) -> bool:
    return bool(one.get_state_set().contains(Atspi.StateType.SHOWING))


def _first(one: Any, wanted: Any) -> Any:
    return next((child for child in _walk(one) if wanted(child)), None)


def _wait_for(name: str) -> Any:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        desktop = Atspi.get_desktop(0)
        for place in range(desktop.get_child_count()):
            app = desktop.get_child_at_index(place)
            if app is not None and name in (app.get_name() or "").lower() and app.get_child_count():
                time.sleep(3)
                return app
        time.sleep(0.3)
    return None


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: Apache-2.0
"""What a screen reader is told: walks every page, dialog and menu through AT-SPI, the system's own interface.

    packaging/atspi_tree.sh            starts a display, a bus and the app, then this, with the system's Python

Prints a line per view and what is wrong there: a control that can take the focus without a name or a role, two controls of one
kind with the same name and the same description, a step of Tab that leads back up the page, a control that Tab does not reach.
Exit 1 when there is anything.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

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
ROLELESS = {"unknown", "invalid", "redundant object"}
INSIDE = {
    "list item",
    "menu item",
    "check menu item",
    "radio menu item",
    "radio button",
    "table cell",
    "menu bar",
    "menu",
    "label",
}
"""Reached by arrows, not by Tab; a radio button by Tab once per group; a label, whose text can be copied, by the mouse."""
FOLDS = (
    "Why:",
    "How:",
    "Show:",
    "Choose:",
    "Which:",
    "Calendar:",
    "Sources:",
    "Answer:",
    "Change: Which",
    "What to do:",
    "If you like",
)
"""The words of folds that are closed."""
BUTTONS = {"push button", "toggle button", "check box"}
DIALOGS = {"dialog", "file chooser"}
STEPS = "Steps"
"""Its buttons are reached by arrows."""
PATIENCE = 90.0
MOST_TABS = 140
QUIET_TABS = 12
"""Links in a label or in the preview of a document: Tab goes through them, and no other control gets the focus."""


class Walker:
    """The window, and what was found wrong in it."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.wrong = 0
        self.views = 0
        self._focused: list[Any] = []
        self._listener = Atspi.EventListener.new(
            lambda event: self._focused.append(event.source) if event.detail1 else None
        )
        self._listener.register("object:state-changed:focused")

    def window(self) -> Any:
        """The top window in use: the last dialog, else the main window."""
        shown = [one for one in children(self.app) if shows(one)]
        dialogs = [one for one in shown if one.get_role_name() in DIALOGS]
        return (dialogs or shown)[-1]

    def main(self) -> Any:
        """The main window."""
        return next(one for one in children(self.app) if one.get_role_name() == "frame" and shows(one))

    def look(self, title: str, *, tab: bool = True, systems: bool = False) -> None:
        """Check the view that is on the screen; of the system's own dialogs only that they are told at all."""
        things = [one for one in walk(self.window()) if shows(one)]
        controls = [one for one in things if one.get_state_set().contains(Atspi.StateType.FOCUSABLE)]
        self.views += 1
        print(f"{title}: {len(things)} things, {len(controls)} controls")
        if "--dump" in sys.argv:
            for one in controls:
                print("   ", one.get_role_name(), "|", one.get_name(), "|", one.get_description())
        for one in () if systems else controls:
            role = one.get_role_name()
            if role in ROLELESS:
                self.say(f"no role: {path(one)}")
            if not named(one) and role not in NAMELESS_IS_FINE:
                self.say(f"no name: {role} in {path(one)}")
        told = Counter(
            (one.get_role_name(), one.get_name(), one.get_description()) for one in controls if one.get_name()
        )
        for (role, name, description), times in told.items():
            if times > 1 and not systems:
                self.say(f"{times} times the same {role}: “{name}”, “{description[:40]}”")
        if tab:
            self._tab(controls)
        sys.stdout.flush()

    def say(self, words: str) -> None:
        """Print and count what is wrong."""
        self.wrong += 1
        print(f"  {words}")

    def _tab(self, controls: list[Any]) -> None:
        """Press Tab until the focus comes round: in the order of reading, and past every control."""
        self._focused.clear()
        seen: list[Any] = []
        places: list[tuple[str, int, int, int]] = []
        quiet = 0
        for _ in range(MOST_TABS):
            self._focused.clear()
            press("Tab")
            one = self._next_focus()
            if (one is None or (seen and one == seen[-1])) and quiet < QUIET_TABS:
                quiet += 1  # a label with a link: Tab goes to its link first, which is no new focus
                continue
            quiet = 0
            if one is None or any(one == former for former in seen):
                break
            seen.append(one)
            places.append(place_of(one))
        back = Counter()
        for before, after, one in zip(places, places[1:], seen[1:], strict=False):
            if before[0] == after[0] and after[2] + after[3] <= before[2] and after[1] <= before[1]:
                back[before[0]] += 1
                if back[before[0]] > 1:  # once in each part of the window the ring comes round
                    self.say(f"Tab goes back up to {path(one)} after {before[1:]}: {after[1:]}")
        missed = [
            one
            for one in controls
            if one.get_role_name() not in INSIDE | NAMELESS_IS_FINE
            and one.get_state_set().contains(Atspi.StateType.SENSITIVE)
            and shows(one)  # what came and went meanwhile, such as Stop
            and one.get_parent().get_name() != STEPS
            and one.get_parent().get_role_name() != "combo box"
            and not any(one == former for former in seen)
        ]
        for one in missed:
            self.say(f"Tab does not reach {one.get_role_name()} {path(one)}")
        print(f"  Tab: {len(seen)} stops")

    def _next_focus(self) -> Any:
        until = time.monotonic() + 1.5
        while time.monotonic() < until:
            GLib.MainContext.default().iteration(False)
            if self._focused:
                time.sleep(0.03)
                while GLib.MainContext.default().iteration(False):
                    pass
                return self._focused[-1]
            time.sleep(0.005)
        return None

    def press_named(self, words: str) -> bool:
        """Press a control by the start of its name."""
        for one in walk(self.window()):
            if one.get_role_name() in BUTTONS and (one.get_name() or "").startswith(words):
                one.do_action(0)
                time.sleep(1.0)
                return True
        self.say(f"nothing to press: {words}")
        return False

    def menu_item(self, words: str) -> None:
        """Choose an entry of the menus, wherever it stands."""
        for one in walk(self.main(), hidden=True):
            if one.get_role_name() == "menu item" and (one.get_name() or "").startswith(words):
                one.do_action(0)
                time.sleep(1.2)
                return
        self.say(f"no entry {words}")

    def steps(self) -> list[Any]:
        """The buttons of the list of steps; none while the window is not up yet."""
        windows = [one for one in children(self.app) if one.get_role_name() == "frame" and shows(one)]
        return [
            one
            for window in windows
            for one in walk(window)
            if one.get_role_name() == "push button" and one.get_parent().get_name() == STEPS
        ]


def main() -> int:
    """Walk; returns the exit code."""
    app = wait_for("weighbridge")
    if app is None:
        print("The app did not appear on the accessibility bus.", file=sys.stderr)
        return 2
    walker = Walker(app)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and len(walker.steps()) < 10:  # the folder has been read
        time.sleep(0.5)
    if not walker.steps():
        print("The list of steps did not appear: nothing was walked.", file=sys.stderr)
        return 2
    walk_pages(walker)
    walk_menus(walker)
    walk_dialogs(walker)
    print(f"{walker.views} views, {walker.wrong or 'nothing'} wrong.")
    return 1 if walker.wrong else 0


def walk_pages(walker: Walker) -> None:
    """Every page, with its folds open where there are any, and what stands beside the steps."""
    for place in range(len(walker.steps())):
        step = walker.steps()[place]
        name = step.get_name()
        step.do_action(0)
        time.sleep(1.2)
        walker.look(name)
        open_folds(walker)
        walker.look(f"{name}, all open")
        if name.startswith("Release"):
            walker.press_named("Continue")
            walker.look("What is left, or the next page")
        if name.startswith("Documents"):
            for words in ("Sources", "Compare"):
                walker.press_named(words)
                walker.look(f"{name}, {words}")
                walker.press_named(words)
        if name.startswith("Export"):
            walker.press_named("Write")
            time.sleep(2)
            walker.look("Export, after Write", tab=False)
    for words, title in (("What if", "What if"), ("Back", "Back from What if")):
        walker.press_named(words)
        walker.look(title)
    walker.menu_item("Home")
    walker.look("Home")


def open_folds(walker: Walker) -> None:
    """Open what is folded on the page in sight."""
    folds = [
        one
        for one in walk(walker.window())
        if one.get_role_name() == "push button" and one.get_name().startswith(FOLDS)
    ]
    for one in folds:
        one.do_action(0)
        time.sleep(0.15)
    time.sleep(1.0)


def walk_menus(walker: Walker) -> None:
    """Each menu, pulled down with its key."""
    for key, title in (("alt+f", "File"), ("alt+e", "Edit"), ("alt+v", "View"), ("alt+h", "Help")):
        press(key)
        time.sleep(0.6)
        entries = [
            one
            for one in walk(walker.main(), hidden=True)
            if "menu item" in one.get_role_name() and path(one).count(title)
        ]
        walker.views += 1
        print(f"{title}: {len(entries)} entries")
        if not entries:
            walker.say("no entries")
        for one in entries:
            if not one.get_name():
                walker.say(f"no name: {one.get_role_name()} in {path(one)}")
        press("Escape")
        press("Escape")
        time.sleep(0.3)


def walk_dialogs(walker: Walker) -> None:
    """The dialogs of the menus, and the system's own ones for files."""
    own = (("F1", "Keyboard shortcuts"), ("F2", "Words explained"), ("", "About"), ("ctrl+r", "Rules in use"))
    systems = (
        ("ctrl+o", "Open folder"),
        ("ctrl+shift+o", "Open project"),
        ("ctrl+shift+s", "Save"),
        ("ctrl+e", "Picture"),
    )
    for key, words in (*own, *systems):
        press(key) if key else walker.menu_item(words)
        time.sleep(1.5)
        if walker.window().get_role_name() not in DIALOGS:
            walker.say(f"{words} did not open")
            continue
        walker.look(words, tab=(key, words) in own, systems=(key, words) in systems)
        press("Escape")
        time.sleep(0.8)
    press("ctrl+n")
    time.sleep(1.0)
    walker.look("Home, begun again")
    press("ctrl+z")
    time.sleep(1.0)
    walker.look("Undone")


def press(key: str) -> None:
    """One key, as from a keyboard."""
    subprocess.run(["xdotool", "key", "--clearmodifiers", key], check=True)


def place_of(one: Any) -> tuple[str, int, int, int]:
    """Which part of the window a control lies in, and its left, top and height there: what is higher than that in which it lies
    scrolls, and inside it is measured from its top, whatever is in sight."""
    box, inside = one.get_extents(Atspi.CoordType.SCREEN), one
    around = box
    while inside.get_role_name() not in (*DIALOGS, "frame") and inside.get_name() != STEPS:
        outside = inside.get_parent()
        if outside is None:
            break
        further = outside.get_extents(Atspi.CoordType.SCREEN)
        if around.height > further.height > 0:
            return inside.path, box.x, box.y - around.y, box.height
        inside, around = outside, further
    return inside.path, box.x, box.y, box.height


def named(one: Any) -> bool:
    """Whether it has a name, or a label that is its name."""
    relations = one.get_relation_set() or []
    return bool(one.get_name()) or any(
        relation.get_relation_type() == Atspi.RelationType.LABELLED_BY for relation in relations
    )


def path(one: Any) -> str:
    """Names from a control up."""
    names = []
    while one is not None and one.get_role_name() != "application":
        names.append(one.get_name() or one.get_role_name())
        one = one.get_parent()
    return " < ".join(names[:6])


def children(one: Any) -> Iterator[Any]:
    """What lies right inside."""
    for place in range(one.get_child_count()):
        child = one.get_child_at_index(place)
        if child is not None:
            yield child


def walk(one: Any, *, hidden: bool = False) -> Iterator[Any]:
    """Everything inside; of what is out of sight nothing, unless `hidden`."""
    for child in children(one):
        if hidden or shows(child):
            yield child
            yield from walk(child, hidden=hidden)


def shows(one: Any) -> bool:
    """Whether it is on the screen."""
    return bool(one.get_state_set().contains(Atspi.StateType.SHOWING))


def wait_for(name: str) -> Any:
    """The app on the bus."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for app in children(Atspi.get_desktop(0)):
            if name in (app.get_name() or "").lower() and app.get_child_count():
                time.sleep(3)
                return app
        time.sleep(0.3)
    return None


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: Apache-2.0
"""The one style sheet. Widgets say what they are with the property `role`; nothing else sets a colour or a size."""

from string import Template

from gui.tokens import FOCUS_WIDTH, Tokens, colours

_SHEET = Template("""
QWidget { color: $ink; font-size: ${body}pt; }
QMainWindow, QDialog { background: $paper; }
QToolTip { background: $raised; color: $ink; border: 1px solid $edge; padding: 4px 8px; }

QLabel { background: transparent; }
QLabel[role="heading"] { font-size: ${heading}pt; font-weight: 600; }
QLabel[role="lead"] { font-size: ${lead}pt; }
QLabel[role="figure"] { font-size: ${lead}pt; font-weight: 600; }
QLabel[role="quiet"] { color: $quiet; }
QLabel[role="small"] { color: $quiet; font-size: ${small}pt; }
QLabel[role="smallink"] { font-size: ${small}pt; }
QLabel[role="linkwords"] { color: $accent; text-decoration: underline; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="problem"] { color: $owed; font-weight: 600; font-size: ${small}pt; }
QLabel[role="code"] { font-family: monospace; font-size: ${small}pt; color: $quiet; }
QLabel[role="clear"] { color: $clear; font-size: ${small}pt; font-weight: 600; }
QLabel[role="look"] { color: $look; font-size: ${small}pt; font-weight: 600; }
QLabel[role="owed"] { color: $owed; font-size: ${small}pt; font-weight: 600; }

QWidget[role="desk"] { background: $desk; }
QWidget[role="paper"] { background: $paper; }
QFrame[role="card"] { background: $raised; border: 1px solid $rule; border-radius: 6px; }
QFrame[role="rule"] { background: $rule; border: none; max-height: 1px; min-height: 1px; }
QFrame[role="zone"] { background: $raised; border: 1px dashed $edge; border-radius: 8px; }
QLabel[role="zonelead"] { font-size: ${lead}pt; qproperty-alignment: AlignCenter; }
QLabel[role="zonenote"] { color: $quiet; qproperty-alignment: AlignCenter; }
QFrame[role="foot"] { background: $desk; border: none; border-top: 1px solid $rule; }
QFrame[role="notice"], QFrame[role="look-notice"] { background: $look_tint; border: none; border-left: 4px solid $look; }
QFrame[role="owed-notice"] { background: $owed_tint; border: none; border-left: 4px solid $owed; }
QFrame[role="clear-notice"] { background: $clear_tint; border: none; border-left: 4px solid $clear; }

QScrollArea { border: none; background: transparent; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollArea QWidget[role="card"] { background: $raised; }

QPushButton {
  background: $raised; color: $ink; border: 1px solid $edge; border-radius: 4px;
  padding: 7px 16px; min-height: 18px;
}
QPushButton:hover { border-color: $accent; color: $accent; }
QPushButton:pressed { background: $tint; }
QPushButton:disabled { color: $edge; border-color: $rule; }
QPushButton:focus { border: ${focus}px solid $accent; padding: 6px 15px; }
QPushButton[role="primary"] { background: $accent; color: $accent_ink; border: 1px solid $accent; font-weight: 600; padding: 7px 24px; }
QPushButton[role="primary"]:hover { background: $accent_hover; border-color: $accent_hover; color: $accent_ink; }
QPushButton[role="primary"]:pressed { background: $accent_hover; }
QPushButton[role="primary"]:focus { border: ${focus}px solid $ink; padding: 6px 23px; }
QPushButton[role="link"] { background: transparent; border: none; color: $accent; padding: 4px 4px; text-align: left; text-decoration: underline; min-height: 16px; }
QPushButton[role="link"]:hover { color: $accent_hover; }
QPushButton[role="link"]:focus { border: ${focus}px solid $accent; border-radius: 3px; padding: 2px; }
QPushButton[role="small"] { padding: 3px 10px; font-size: ${small}pt; min-height: 16px; }
QPushButton[role="small"]:focus { padding: 2px 9px; }

QLineEdit, QPlainTextEdit, QComboBox, QDateEdit {
  background: $raised; color: $ink; border: 1px solid $edge; border-radius: 4px;
  padding: 6px 8px; selection-background-color: $accent; selection-color: $accent_ink;
}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QDateEdit:focus { border: ${focus}px solid $accent; padding: 5px 7px; }
QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled { color: $edge; border-color: $rule; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"] { border: ${focus}px solid $owed; padding: 5px 7px; }
QPlainTextEdit[role="code"] { font-family: monospace; font-size: ${small}pt; padding: 4px; }
QComboBox { min-height: ${line}px; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: url($arrow); width: 12px; height: 12px; }
QComboBox QAbstractItemView, QListView { background: $raised; border: 1px solid $edge; selection-background-color: $tint; selection-color: $ink; outline: 0; padding: 4px; }
QComboBox QAbstractItemView::item, QListView::item { min-height: 28px; padding: 0 8px; }

QCheckBox, QRadioButton { spacing: 8px; padding: 3px 4px; border: ${focus}px solid transparent; border-radius: 4px; }
QCheckBox:focus, QRadioButton:focus { border-color: $accent; }
QCheckBox::indicator, QRadioButton::indicator { width: ${box}px; height: ${box}px; border: 1px solid $edge; background: $raised; }
QCheckBox::indicator { border-radius: 3px; }
QRadioButton::indicator { border-radius: ${round}px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url($tick); }
QRadioButton::indicator:checked { background: $accent; border-color: $accent; image: url($dot); }
QCheckBox[role="bare"], QRadioButton[role="bare"] { spacing: 0; }
QCheckBox[role="unknown"] { color: $quiet; font-size: ${small}pt; }

QListWidget { background: transparent; border: none; outline: 0; padding: 0; }
QListWidget::item { min-height: 0; padding: 8px 6px; border: ${focus}px solid transparent; border-radius: 4px; color: $ink; }
QListWidget::item:hover { color: $accent; }
QListWidget::item:selected { background: $tint; color: $ink; }
QListWidget:focus::item:selected { border-color: $accent; }
QListWidget::item:disabled { color: $quiet; padding-top: 18px; }

QTextBrowser, QTextEdit[role="preview"] { background: $raised; border: 1px solid $rule; border-radius: 6px; padding: 8px; selection-background-color: $accent; selection-color: $accent_ink; }
QTextBrowser:focus { border: ${focus}px solid $accent; padding: 7px; }

QSlider { min-height: 26px; border: ${focus}px solid transparent; border-radius: 6px; }
QSlider:focus { border-color: $accent; }
QSlider::groove:horizontal { height: 4px; background: $rule; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $edge; border-radius: 2px; }
QSlider::handle:horizontal { width: 8px; margin: -7px 0; border-radius: 4px; background: $accent; }
QSlider::handle:horizontal:hover { background: $accent_hover; }
QSlider::handle:horizontal:disabled { background: $edge; }

QProgressBar { background: $rule; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar::handle:vertical { background: $edge; border-radius: 3px; min-height: 32px; margin: 2px 3px; }
QScrollBar::handle:vertical:disabled { background: transparent; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle:horizontal { background: $edge; border-radius: 3px; min-width: 32px; margin: 3px 2px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QMenuBar { background: $desk; color: $ink; padding: 2px 8px; border-bottom: 1px solid $rule; }
QMenuBar::item { background: transparent; padding: 5px 10px; border-radius: 4px; }
QMenuBar::item:selected { background: $tint; color: $ink; }
QMenu { background: $raised; border: 1px solid $edge; padding: 6px; }
QMenu::item { padding: 6px 32px 6px 24px; border-radius: 4px; }
QMenu::item:selected { background: $tint; color: $ink; }
QMenu::item:disabled { color: $edge; }
QMenu::separator { height: 1px; background: $rule; margin: 6px 8px; }
QSplitter::handle { background: transparent; }
""")

_IMAGES = {"arrow": "chevron", "tick": "tick", "dot": "dot"}
"""Place in the sheet: file under resources/icons, one for each scheme."""


_USUAL_BODY = 10.5
"""Points; what is measured in pixels beside a text grows with larger letters."""


def style_sheet(tokens: Tokens, points: dict[str, float]) -> str:
    """The style sheet for a scheme and the four type sizes (points)."""
    numbers = {name: f"{size:.2f}" for name, size in points.items()}
    images = {name: f"icons:{file}-{tokens.name}.svg" for name, file in _IMAGES.items()}
    larger = max(1.0, points["body"] / _USUAL_BODY)
    box = round(16 * larger)
    numbers |= {"box": str(box), "round": str(box // 2 + 1), "line": str(round(20 * larger))}
    return _SHEET.substitute(colours(tokens), **numbers, **images, focus=FOCUS_WIDTH)

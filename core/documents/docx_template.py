# SPDX-License-Identifier: Apache-2.0
"""The empty Word file that every document starts from: our styles on A4, without what python-docx's own one drags along.

Its 99 table styles, the second style sheet for old Word versions, a preview picture and a stray data part are 800 kB of
XML that every file would be parsed with, packed with and shipped with.
"""

import functools
import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

MONO, _INK = "Consolas", (0x1F, 0x1F, 0x1F)
_A4_MM, _MARGIN_MM = (210, 297), 22
_HEADING_POINTS = {1: 18, 2: 14, 3: 11.5, 4: 11, 5: 11, 6: 11}
_KEPT_TABLES = frozenset({"Normal Table", "Table Grid"})
_NOT_NEEDED = ("stylesWithEffects", "customXml", "thumbnail")


@functools.cache
def template() -> bytes:
    """The template as a DOCX file, made once in a run of the program."""
    import docx

    document = docx.Document()
    _strip(document)
    _set_up(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@functools.cache
def style_ids() -> dict[str, str]:
    """Ids of the styles by their names: python-docx searches all of them for every paragraph."""
    import docx

    styles = docx.Document(io.BytesIO(template())).styles
    return {style.name: style.style_id for style in styles if style.name is not None}


def _strip(document: "Document") -> None:
    from docx.enum.style import WD_STYLE_TYPE

    for style in list(document.styles):
        if style.type is WD_STYLE_TYPE.TABLE and style.name not in _KEPT_TABLES:
            style.delete()
    package: Any = document.part.package
    for owner in (document.part, package):
        for name, relation in list(owner.rels.items()):
            if relation.reltype.rsplit("/", 1)[-1] in _NOT_NEEDED:
                del owner.rels[name]


def _set_up(document: "Document") -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Mm(_A4_MM[0]), Mm(_A4_MM[1])
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_MARGIN_MM)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10.5)
    normal.paragraph_format.space_after = Pt(5)
    for level, points in _HEADING_POINTS.items():
        style = document.styles[f"Heading {level}"]
        style.font.name, style.font.size, style.font.bold = "Calibri", Pt(points), True
        style.font.color.rgb = RGBColor(*_INK)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), "Calibri")
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            style.element.rPr.rFonts.attrib.pop(qn(f"w:{theme}"), None)
        style.paragraph_format.space_before = Pt(14 if level == 2 else 9)
        style.paragraph_format.space_after = Pt(3)
        style.paragraph_format.keep_with_next = True
    code = document.styles.add_style("Code", WD_STYLE_TYPE.PARAGRAPH)
    code.base_style = normal
    code.font.name, code.font.size = MONO, Pt(9)
    code.paragraph_format.space_after = Pt(0)
    _page_numbers(section.footer.paragraphs[0])


def _page_numbers(paragraph: "Paragraph") -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)

# SPDX-License-Identifier: Apache-2.0
"""The fixed parts of a Word file (ECMA-376, WordprocessingML): styles, lists, foot, properties, and their archive.

Written here rather than by a library: the app needs a dozen styles, and the library that knows all of them would be a
tenth of what people download. tests/unit/documents/test_formats.py reads our files with that library.
"""

import datetime
import io
import re
import zipfile
from html import escape
from xml.etree import ElementTree

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument"
_W = f'xmlns:w="{_MAIN}" xmlns:r="{_OFFICE}/relationships"'

MONO, INK, LINK, SHADE = "Consolas", "1F1F1F", "1D4F91", "F2F2F0"
_HEADINGS = ((1, 18, 9), (2, 14, 14), (3, 11.5, 9), (4, 11, 9), (5, 11, 9), (6, 11, 9))
"""(level, points, points of room above)."""
_DEEPEST_LIST, _STEP = 3, 360
TWIPS_PER_MM = 1440 / 25.4
_A4, _MARGIN = (11906, 16838), round(22 * TWIPS_PER_MM)
TEXT_WIDTH = _A4[0] - 2 * _MARGIN
"""Room between the margins, in twentieths of a point."""
BULLETS, NUMBERS = 1, 2
"""Ids of the two kinds of list; each numbered list gets an id of its own above these."""

# What XML 1.0 has no sign for: control characters and halves of surrogate pairs.
_NO_XML = re.compile("[^\\t\\n\\r\\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def readable(words: str) -> str:
    """`words` with a mark in place of each sign that no XML file can hold."""
    return _NO_XML.sub("\ufffd", words)


def xml_text(words: str) -> str:
    """`words` as the text or the attribute of an element."""
    return escape(readable(words))


def pack(body: str, links: list[str], lists: int, title: str, on: datetime.date) -> bytes:
    """The whole file around the paragraphs and tables of `body`; `links` and `lists` are those that it refers to."""
    section = (
        f'<w:sectPr><w:footerReference w:type="default" r:id="foot"/><w:pgSz w:w="{_A4[0]}" w:h="{_A4[1]}"/>'
        f'<w:pgMar w:top="{_MARGIN}" w:right="{_MARGIN}" w:bottom="{_MARGIN}" w:left="{_MARGIN}" '
        'w:header="720" w:footer="720" w:gutter="0"/></w:sectPr>'
    )
    members = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            ("document", f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
            ("core", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ("app", f"{_OFFICE}/relationships/extended-properties", "docProps/app.xml"),
        ),
        "docProps/core.xml": _about(title, on),
        "docProps/app.xml": f'<Properties xmlns="{_OFFICE}/extended-properties"><Application>Weighbridge</Application></Properties>',
        "word/document.xml": f"<w:document {_W}><w:body>{body}{section}</w:body></w:document>",
        "word/_rels/document.xml.rels": _relations(
            *((part, f"{_OFFICE}/relationships/{kind}", f"{kind}.xml") for part, kind in _PARTS),
            outside=links,
        ),
        "word/styles.xml": _styles(),
        "word/numbering.xml": _numbering(lists),
        "word/settings.xml": _SETTINGS,
        "word/footer.xml": _FOOT,
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, _HEAD + text)
    return made.getvalue()


def link_id(number: int) -> str:
    """The name by which the document refers to the link of that number, from 0."""
    return f"link{number + 1}"


def words_of(data: bytes) -> list[str]:
    """The text of each paragraph in reading order, cells of tables included."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = ElementTree.fromstring(archive.read("word/document.xml"))  # noqa: S314 - what we wrote ourselves
    return [
        "".join(part.text or "" for part in paragraph.iter(f"{{{_MAIN}}}t"))
        for paragraph in root.iter(f"{{{_MAIN}}}p")
    ]


_PARTS = (("styles", "styles"), ("lists", "numbering"), ("settings", "settings"), ("foot", "footer"))


def _content_types() -> str:
    parts = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>'
        for name, kind in (
            ("word/document.xml", f"{_KIND}.wordprocessingml.document.main+xml"),
            *((f"word/{kind}.xml", f"{_KIND}.wordprocessingml.{kind}+xml") for _, kind in _PARTS),
            ("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
            ("docProps/app.xml", f"{_KIND}.extended-properties+xml"),
        )
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{parts}</Types>'
    )


def _relations(*inside: tuple[str, str, str], outside: list[str] | None = None) -> str:
    rows = [f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>' for name, kind, target in inside]
    rows += [
        f'<Relationship Id="{link_id(number)}" Type="{_OFFICE}/relationships/hyperlink" '
        f'Target="{xml_text(url)}" TargetMode="External"/>'
        for number, url in enumerate(outside or [])
    ]
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(rows)}</Relationships>'


def _about(title: str, on: datetime.date) -> str:
    day = f"{on.isoformat()}T00:00:00Z"
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{xml_text(title)}</dc:title><dc:creator>Weighbridge</dc:creator>"
        "<cp:lastModifiedBy>Weighbridge</cp:lastModifiedBy><cp:revision>1</cp:revision>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{day}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{day}</dcterms:modified>'
        "<dc:language>en-GB</dc:language></cp:coreProperties>"
    )


_SETTINGS = (
    f'<w:settings {_W}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/><w:compat>'
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    '</w:compat><w:themeFontLang w:val="en-GB"/></w:settings>'
)

_FOOT = (
    f'<w:ftr {_W}><w:p><w:pPr><w:pStyle w:val="Footer"/><w:jc w:val="right"/></w:pPr>'
    '<w:fldSimple w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>'
)


def _styles() -> str:
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        '<w:pPr><w:spacing w:after="100"/></w:pPr></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    )
    headings = (
        _style(
            f"Heading{level}", f"heading {level}", 9,
            f'<w:keepNext/><w:keepLines/><w:spacing w:before="{room * 20}" w:after="60"/><w:outlineLvl w:val="{level - 1}"/>',
            f'<w:b/><w:bCs/><w:color w:val="{INK}"/>{_size(points)}',
            following="Normal",
        )
        for level, points, room in _HEADINGS
    )  # fmt: skip
    lists = (
        _style(_at(name.replace(" ", ""), depth), _at(name, depth, " "), 99, f"{inner}<w:contextualSpacing/>")
        for depth in range(1, _DEEPEST_LIST + 1)
        for name, inner in (
            ("List Bullet", _of_list(BULLETS, depth)),
            ("List Number", _of_list(NUMBERS, depth)),
            ("List Continue", f'<w:ind w:left="{_STEP * depth}"/>'),
        )
    )
    others = (
        _style("Quote", "Quote", 29, '<w:ind w:left="360"/>', "<w:i/><w:iCs/>"),
        _style(
            "Code",
            "Code",
            99,
            f'<w:keepLines/>{shading()}<w:spacing w:after="0"/>',
            f"{_font(MONO)}{_size(9)}",
        ),
        _style("Footer", "footer", 99, '<w:spacing w:after="0" w:line="240" w:lineRule="auto"/>'),
        _LINKS,
        _TABLES,
    )
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{_font("Calibri")}{_size(10.5)}<w:lang w:val="en-GB"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="200" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    )
    return f"<w:styles {_W}>{defaults}{normal}{''.join((*headings, *lists, *others))}</w:styles>"


def _style(
    identity: str, name: str, priority: int, paragraph: str, run: str = "", following: str = ""
) -> str:
    after = f'<w:next w:val="{following}"/>' if following else ""
    letters = f"<w:rPr>{run}</w:rPr>" if run else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{identity}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>{after}'
        f'<w:uiPriority w:val="{priority}"/><w:qFormat/><w:pPr>{paragraph}</w:pPr>{letters}</w:style>'
    )


def _at(name: str, depth: int, gap: str = "") -> str:
    """Word calls the styles of deeper lists List Bullet 2 and List Bullet 3."""
    return name if depth == 1 else f"{name}{gap}{depth}"


def list_style(name: str, depth: int) -> str:
    """The id of the style of a list's paragraph, at the depth it has or the deepest there is."""
    return _at(name, min(depth, _DEEPEST_LIST))


def _of_list(identity: int, depth: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{depth - 1}"/><w:numId w:val="{identity}"/></w:numPr>'


def in_list(identity: int, depth: int) -> str:
    """Puts a paragraph into the numbered list `identity`."""
    return _of_list(identity, min(depth, _DEEPEST_LIST))


def shading() -> str:
    """The grey of code and of a table's head."""
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{SHADE}"/>'


def _font(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:eastAsia="{name}" w:hAnsi="{name}" w:cs="{name}"/>'


def mono() -> str:
    """The letters of code."""
    return _font(MONO)


def _size(points: float) -> str:
    half = round(points * 2)
    return f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


def size(points: float) -> str:
    """Letters of that many points."""
    return _size(points)


_LINKS = (
    '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:uiPriority w:val="99"/>'
    f'<w:rPr><w:color w:val="{LINK}"/><w:u w:val="single"/></w:rPr></w:style>'
)
_CELLS = (
    '<w:tblInd w:w="0" w:type="dxa"/>{borders}<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>'
    '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar>'
)
_LINES = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_TABLES = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/>'
    f"<w:semiHidden/><w:tblPr>{_CELLS.format(borders='')}</w:tblPr></w:style>"
    '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/>'
    '<w:uiPriority w:val="59"/><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>'
    f"<w:tblPr>{_CELLS.format(borders=f'<w:tblBorders>{_LINES}</w:tblBorders>')}</w:tblPr></w:style>"
)


def _numbering(lists: int) -> str:
    """Both kinds of list, and one counted list for each id from NUMBERS + 1 on that begins at one again."""
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>{_levels(counted)}</w:abstractNum>'
        for number, counted in ((BULLETS, False), (NUMBERS, True))
    )
    uses = "".join(
        f'<w:num w:numId="{kind}"><w:abstractNumId w:val="{kind}"/></w:num>' for kind in (BULLETS, NUMBERS)
    )
    restarted = "".join(
        f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="1"/></w:lvlOverride>'
        for level in range(_DEEPEST_LIST)
    )
    own = "".join(
        f'<w:num w:numId="{NUMBERS + 1 + number}"><w:abstractNumId w:val="{NUMBERS}"/>{restarted}</w:num>'
        for number in range(lists)
    )
    return f"<w:numbering {_W}>{kinds}{uses}{own}</w:numbering>"


def _levels(counted: bool) -> str:
    return "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{"decimal" if counted else "bullet"}"/>'
        f'<w:lvlText w:val="{f"%{level + 1}." if counted else "•"}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{_STEP * (level + 1)}" w:hanging="{_STEP}"/></w:pPr></w:lvl>'
        for level in range(_DEEPEST_LIST)
    )

# SPDX-License-Identifier: Apache-2.0
"""Word files: the same words, real headings, lists, tables and links, and the same bytes each time."""

import datetime
import io
import json
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from docx.table import Table

from core.documents import FileAction, Format, convert, export, plan_export, read_formats, render
from core.documents.columns import column_widths, unbroken
from core.documents.docx_writer import as_docx, docx_words, markdown_words
from core.documents.forms.schema import FORM_IDS
from core.errors import BadAnswers, CannotWrite
from tests.unit.documents import samples

ON = samples.ON
MARKDOWN = """---
license: mit
---
# Title of *it*

<!-- only for editors -->
A **bold** word, `code`, a [link](https://example.org/a?b=1&c=2) and 10²³ ☒ yes.

- one
  - inside
- two

1. first
2. second

Between.

1. again

> said

| Name | Count |
|---|---:|
| a | 1 |
| b & &lt;c&gt; | 2 |

```python
print("<x>")
```
"""


def opened(data: bytes) -> "docx.document.Document":
    return docx.Document(io.BytesIO(data))


def test_structure_survives() -> None:
    data = as_docx(MARKDOWN, "A title", ON)
    document = opened(data)
    styles = [(one.style.name, one.text) for one in document.paragraphs if one.style is not None and one.text]
    assert ("Heading 1", "Title of it") in styles
    assert ("List Bullet", "one") in styles
    assert ("List Bullet 2", "inside") in styles
    assert ("List Number", "first") in styles
    assert ("Quote", "said") in styles
    assert ("Code", 'print("<x>")') in styles
    table = document.tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Name", "Count"],
        ["a", "1"],
        ["b & <c>", "2"],
    ]
    links = [link for one in document.paragraphs for link in one.hyperlinks]
    assert [(link.text, link.address) for link in links] == [("link", "https://example.org/a?b=1&c=2")]
    assert docx_words(data) == markdown_words(MARKDOWN)
    assert "only for editors" not in docx_words(data)
    assert "license" not in docx_words(data)


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("n" * 255, "n" * 255),
        ("n" * 256, "n" * 254 + "…"),
        ("a\x0bb\x00 \ud800c\n\ufffed", "ab c d"),
    ],
)
def test_a_title_that_word_cannot_keep_is_cut_not_refused(title: str, told: str) -> None:
    """Somebody may paste a whole card where the name of the model belongs."""
    assert opened(as_docx(MARKDOWN, title, ON)).core_properties.title == told


def test_a_second_numbered_list_counts_from_one() -> None:
    numbered = [
        one
        for one in opened(as_docx(MARKDOWN, "T", ON)).paragraphs
        if one.style and one.style.name == "List Number"
    ]
    lists = [one._p.pPr.numPr.numId.val for one in numbered]
    assert lists[0] == lists[1] != lists[2]


def test_the_same_text_gives_the_same_bytes_and_no_name_of_the_machine() -> None:
    first, second = as_docx(MARKDOWN, "T", ON), as_docx(MARKDOWN, "T", ON)
    assert first == second
    about = opened(first).core_properties
    assert (about.title, about.author, about.created) == (
        "T",
        "Weighbridge",
        datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC).replace(
            tzinfo=about.created.tzinfo if about.created else None
        ),
    )
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
    assert as_docx(MARKDOWN, "T", ON + datetime.timedelta(days=1)) != first


@pytest.mark.parametrize("kind", [*FORM_IDS, "ab2013", "compute_record", "what_applies", "checklist"])
def test_every_document_becomes_a_word_file_without_loss(kind: str) -> None:
    project = samples.STATED
    document = render(kind, project, samples.assessment(project))
    assert docx_words(convert(document, Format.DOCX, ON)) == markdown_words(document.content)


def test_columns_get_room_by_what_stands_in_them() -> None:
    narrow, wide = column_widths([["n", "a much longer text that needs room to be read"], ["1", "b"]], 1000)
    assert narrow < 100 < 800 < wide
    assert column_widths([["same", "same"]], 1000) == [500, 500]


def test_a_line_that_leads_to_a_list_stays_with_it() -> None:
    data = as_docx("What it asks:\n\n- Post a summary\n\nNothing else.\n", "x", ON)
    kept = {
        one.text: one.paragraph_format.keep_with_next for one in docx.Document(io.BytesIO(data)).paragraphs
    }
    assert kept["What it asks:"] is True
    assert not kept["Nothing else."]


def test_a_narrow_column_keeps_its_words_and_short_cells_whole() -> None:
    """Two long columns beside it used to press a figure into three lines and its head in two."""
    long = "Operations of each sequence, counted layer by layer, times the sequences that were seen in all."
    rows = [["What was run", "Compute", "Range", "Why"], [long, "2.7 × 10⁸ FLOP", long, long]]
    widths = column_widths(rows, 9500)
    assert sum(widths) == pytest.approx(9500, abs=4)
    assert widths[1] / 100 >= len("2.7 × 10⁸ FLOP") + 2, "in letters of a line of 95"
    assert min(widths[0], widths[2], widths[3]) > widths[1]
    crowded = column_widths([["w" * 40, "v" * 40, "u" * 40]], 900)
    assert crowded == [300, 300, 300], "words that no line holds share it evenly"


def test_columns_make_the_table_short() -> None:
    """One long note must not press the names of twelve rows into two lines each."""
    rows = [
        ["Setting", "Value", "Source"],
        *([f"Gradient accumulation {n}", "12", "from a file"] for n in range(12)),
    ]
    rows.append(
        [
            "Number format",
            "bf16",
            "assumed: no mixed precision was set, so the numbers are taken as those of the base",
        ]
    )
    names, _, notes = column_widths(rows, 9500)
    assert names / 100 >= len("Gradient accumulation 11") + 3, "in letters of a line of 95"
    assert notes > names


def test_a_number_with_a_power_of_ten_stays_on_one_line() -> None:
    assert unbroken("1.1 × 10¹⁰ to 1.2 × 10¹⁰ FLOP") == "1.1\xa0×\xa010¹⁰ to 1.2\xa0×\xa010¹⁰ FLOP"
    assert unbroken("4 × 10 rows, a × b") == "4 × 10 rows, a × b"
    content = "It took 1.2 × 10¹⁸ FLOP.\n"
    data = as_docx(content, "x", ON)
    assert docx.Document(io.BytesIO(data)).paragraphs[0].text == "It took 1.2\xa0×\xa010¹⁸ FLOP."
    assert docx_words(data) == markdown_words(content), "the words are the same"


def test_formats_are_read() -> None:
    assert read_formats("md, DOCX,md") == (Format.MD, Format.DOCX)
    assert read_formats("") == (Format.MD,)
    with pytest.raises(BadAnswers, match="rtf"):
        read_formats("rtf")


def test_export_writes_each_format_and_is_unchanged_the_second_time(tmp_path: Path) -> None:
    project = samples.project()
    printed: list[str] = []

    def printer(content: str, title: str, on: datetime.date) -> bytes:
        printed.append(title)
        return b"%PDF " + content.encode() + on.isoformat().encode()

    def plan() -> "object":
        return plan_export(
            project,
            samples.assessment(project),
            tmp_path,
            ["model_card", "ab2013"],
            formats=tuple(Format),
            printer=printer,
        )

    export(plan(), accept_changes=False)  # type: ignore[arg-type]
    stem = "training-data-statement"
    names = {f"{stem}.md", f"{stem}.docx", f"{stem}.pdf", "README.md", "weighbridge-manifest.json"}
    assert {path.name for path in tmp_path.iterdir()} == names
    manifest = json.loads((tmp_path / "weighbridge-manifest.json").read_text(encoding="utf-8"))
    assert {entry["name"] for entry in manifest["files"]} == names - {"weighbridge-manifest.json"}
    assert {item.action for item in plan().items} == {FileAction.UNCHANGED}  # type: ignore[attr-defined]
    assert printed[0] == "Training data of Llama-3.1-8B-Cooking"
    (tmp_path / f"{stem}.docx").write_bytes(b"theirs")
    changed = next(item for item in plan().items if item.action is FileAction.REPLACE)  # type: ignore[attr-defined]
    assert "not a text" in changed.difference
    with pytest.raises(CannotWrite):
        export(plan(), accept_changes=False)  # type: ignore[arg-type]


def test_pdf_without_a_printer_is_said_in_plain_words(tmp_path: Path) -> None:
    project = samples.project()
    with pytest.raises(BadAnswers, match="PDF"):
        plan_export(project, samples.assessment(project), tmp_path, ["ab2013"], formats=(Format.PDF,))


def test_the_word_library_is_loaded_only_for_a_word_file() -> None:
    import subprocess

    code = (
        "import sys, core.documents, core.cli.write; sys.exit('docx' in sys.modules or 'lxml' in sys.modules)"
    )
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


def test_tables_repeat_their_head() -> None:
    document = opened(as_docx(MARKDOWN, "T", ON))
    assert isinstance(document.tables[0], Table)
    assert "w:tblHeader" in document.tables[0].rows[0]._tr.xml

# SPDX-License-Identifier: Apache-2.0
"""What a tool's template left in a card: empty sections, prompts to the writer, sentences that are not true.

Used only on a card that a tool wrote and nobody edited (the scan says so), and only lines whose exact form a template
prints are taken out; the difference is shown before anything is written.
"""

import re

from core.documents.blocks import find_blocks, headings, without_blocks
from core.documents.markdown import literal
from core.documents.privacy import Private, find_private
from core.documents.readme_parts import comments, lines_of

# What the templates of the Hub, PEFT and the Trainer print where nobody wrote anything.
_PLACEHOLDER = re.compile(
    r"\s*(?:[-*]\s*)?(?:\*\*[^*]*\*\*:?\s*)?(?:\[?more information needed\]?\.?|\{\{.*\}\}|#+.*|use the code below to get started.*"
    r"|users \(both direct and downstream\) should be made aware.*|carbon emissions can be estimated using.*)?\s*",
    re.IGNORECASE,
)
_MARKS = re.compile(
    r"more information needed|model card for model id|has been generated automatically according to the information the trainer"
    r"|huggingface\.co/None|This model was trained with [A-Z]+",
    re.IGNORECASE,
)
_AFTER_COMMENT = re.compile(r"[ \t]*(?:\r\n|\n|\r)?")
_TEMPLATE_COMMENT = re.compile(
    r"<!--\s*(?:This model card has been generated automatically|Provide (?:a|the) |Address questions around|This section "
    r"|This should link|This relates heavily|These are the |Relevant interpretability|Total emissions|If there is a paper"
    r"|If relevant, include|fp32, fp16)",
    re.IGNORECASE,
)
# Sentences the Trainer and TRL print from what they happened to know; wrong as soon as the base is a local folder.
_TOOL_SENTENCE = re.compile(
    r"This model was trained from scratch on .{0,200} dataset\."
    r"|This model is a fine-tuned version of \[[^\]]*\]\((?:https://huggingface\.co/)?(?:None)?\)(?: on .{0,200} dataset)?\."
)
_TITLE = re.compile(r"#\s+Model Card for Model ID\s*", re.IGNORECASE)
_STAND_IN = '("sentence_transformers_model_id")'
_DEAD_SNIPPET = re.compile(r"""model=["'](?:None|)["']""")


def without_leftovers(body: str) -> str:
    """`body` without what a template left. A card without a template's marks comes back unchanged."""
    if not _MARKS.search(without_blocks(body)):
        return body
    title = had_template_title(body)
    body = _without_template_comments(body)
    body = _without_empty_sections(body)
    kept = [line for line in lines_of(body) if not _is_leftover(line)]
    text = re.sub(r"((?:\r\n|\n|\r)){3,}", r"\1\1", "".join(kept))
    if not title:
        return text
    # Under the template's title nothing but the tool's list of versions: then ours stands alone.
    alone = {words for _, words, _ in headings(text)} <= {"framework versions"} and not find_blocks(text)
    return "" if alone else text.lstrip("\r\n")


def _without_template_comments(body: str) -> str:
    kept: list[str] = []
    last = 0
    for start, end in comments(body):
        if _TEMPLATE_COMMENT.match(body, start):
            kept.append(body[last:start])
            after = _AFTER_COMMENT.match(body, end)
            last = after.end() if after else end
    return "".join((*kept, body[last:]))


def without_machine_folders(body: str) -> str:
    """A tool's card without the folders of the machine: of each path only its last part stays."""
    for spot in reversed(find_private(body)):
        if spot.kind is Private.PATH:
            last = re.split(r"[\\/]", body[spot.start : spot.end].rstrip("\\/"))[-1]
            body = body[: spot.start] + (last or "model") + body[spot.end :]
    return body


def with_own_name(body: str, name: str) -> str:
    """sentence-transformers prints a stand-in where the id of the model belongs."""
    return body.replace(_STAND_IN, f"({literal(name)})") if name else body


def tool_lists(body: str) -> frozenset[str]:
    """Lists the Trainer wrote into the card; they stay, so ours need not say the same again."""
    words = {heading for _, heading, _ in headings(body)}
    names = {"hyperparameters": "training hyperparameters", "versions": "framework versions"}
    if "following hyperparameters were used" not in body:
        names.pop("hyperparameters")
    return frozenset(name for name, heading in names.items() if heading in words)


def had_template_title(body: str) -> bool:
    """Whether the title is the one of the Hub's template, which names no model."""
    first = next(iter(headings(body)), None)
    return first is not None and _TITLE.match(body[first[2] :]) is not None


def without_tool_title(body: str) -> str:
    """A tool's card without its first heading, which is the name of a folder; for when the person named the model."""
    first = next(iter(headings(body)), None)
    if (
        first is None
        or first[0] != 1
        or any(begin <= first[2] < end for begin, end in find_blocks(body).values())
    ):
        return body
    line = lines_of(body[first[2] :])[0]
    return body[: first[2]].strip("\r\n") + body[first[2] + len(line) :].lstrip("\r\n")


def has_prose(part: str) -> bool:
    """Whether somebody wrote something in `part`: our blocks, comments, headings and placeholders do not count."""
    plain = re.sub(r"<!--[\s\S]*?(?:-->|\Z)", "", without_blocks(part))
    return not all(_PLACEHOLDER.fullmatch(line.strip()) for line in lines_of(plain))


def _is_leftover(line: str) -> bool:
    bare = line.strip()
    if not bare:
        return False
    if _TITLE.fullmatch(bare) or bare == "## Model Card Contact" or _TOOL_SENTENCE.fullmatch(bare):
        return True
    return not bare.startswith("#") and _PLACEHOLDER.fullmatch(bare) is not None


def _without_empty_sections(body: str) -> str:
    """Sections without prose, and quick starts whose code loads a model named None, are cut with their headings."""
    found = headings(body)
    ours = find_blocks(body).values()
    spans: list[tuple[int, int]] = []
    for number, (level, _, start) in enumerate(found):
        end = _end(found, number, len(body))
        # A block of ours inside an empty section stays; the section then ends before it.
        end = min([begin for begin, _ in ours if start < begin < end], default=end)
        if level == 1 and number == 0 and not _TITLE.match(body[start:end]):
            continue
        part = body[start:end]
        if not has_prose(part) or _DEAD_SNIPPET.search(_own_text(part)):
            spans.append((start, end))
    kept: list[str] = []
    last = 0
    for start, end in _outermost(spans):
        kept.append(body[last:start])
        last = end
    return "".join((*kept, body[last:]))


def _end(found: tuple[tuple[int, str, int], ...], number: int, last: int) -> int:
    """Where the section of this heading ends: at the next of its rank or a higher one."""
    for at in range(number + 1, len(found)):
        if found[at][0] <= found[number][0]:
            return found[at][2]
    return last


def _own_text(part: str) -> str:
    """A section's text up to its first subsection."""
    inner = [place for _, _, place in headings(part)[1:2]]
    return part[: inner[0]] if inner else part


def _outermost(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept

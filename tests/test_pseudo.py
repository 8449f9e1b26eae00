"""The pseudo-language changes letters and length, and nothing that has a meaning."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from checklist.catalog import interface_messages
from checklist.checks.interface import placeholders
from checklist.load import load, loads
from checklist.model import Checklist
from checklist.project import Settings, examine, settings_of
from checklist.review import load_review
from checklist.translate.accents import ACCENTS, CLOSE, OPEN, pseudo, visible_length
from checklist.translate.pseudo import PSEUDO, build_pseudo, pseudo_page, pseudo_source
from tests.conftest import FOREIGN, ROOT, SMALL

SOURCE = ROOT / "checklist/content/celery.yaml"
PAGES = sorted((ROOT / "docs/en").glob("*.md"))
EXTENSIONS = ["attr_list", "md_in_html", "pymdownx.superfences", "tables", "toc"]


def rendered(text: str) -> HTMLParser:
    return HTMLParser(Markdown(extensions=EXTENSIONS).convert(text) or "<p></p>")


def meaning(page: HTMLParser) -> tuple[Counter[str], ...]:
    """What may not change: the elements, the code, the addresses, the anchors."""
    return (
        Counter(node.tag or "" for node in page.css("*")),
        Counter(node.text() for node in page.css("code, pre, kbd")),
        Counter(node.attributes.get("href") or "" for node in page.css("a")),
        Counter(node.attributes["id"] or "" for node in page.css("[id]")),
    )


def shown(page: HTMLParser) -> int:
    """Characters of prose that a reader sees."""
    for block in page.css("pre"):
        block.decompose()
    return len(" ".join(page.body.text().split())) if page.body else 0


def grows(original: str, text: str) -> bool:
    before, after = shown(rendered(original)), shown(rendered(text))
    return before <= 10 or 1.3 <= after / before <= 1.7


def checklist_of(path: Path) -> Checklist:
    checklist, problems = load(path)
    assert checklist
    assert not problems
    return checklist


def originals() -> list[tuple[str, str, int]]:
    """Every English text of ours, with its limit."""
    texts = checklist_of(SOURCE).texts
    return [(text.id, text.phrases["en"].text, text.limit) for text in texts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Broker", "⟦Ɓŕöķéŕ⟧"),
        ("Celery Tasks Checklist", "⟦Çéļéŕý Ţåšķš Çĥéçķļîšţ ļöŕéɱ î⟧"),
        ("{n} of {total} done", "⟦{n} öƒ {total} ðöñé ļöŕéɱ⟧"),
        ("Set `acks_late`", "⟦Šéţ `acks_late` ļö⟧"),
        ("`acks_late`", "`acks_late`"),
        ("https://a.example/b", "https://a.example/b"),
        ("", ""),
        ("…", "…"),
        ("404", "404"),
        ("확인", "⟦확인⟧"),
        ("A **bold** word", "⟦Å **ƀöļð** ŵöŕð ļ⟧"),
        ("See [it](a_(b).md)", "⟦Šéé [îţ](a_(b).md)⟧"),
        ("See <https://a.example>", "⟦Šéé <https://a.example> ļöŕéɱ⟧"),
        ("See https://a.example.", "⟦Šéé https://a.example ļöŕéɱ î⟧."),
        (r"Not \*bold\*", r"⟦Ñöţ \*ƀöļð\* ļ⟧"),
        ("Why?", "⟦Ŵĥý⟧?"),
        ("Line {n}:", "⟦Ļîñé {n} ļ⟧:"),
        ("Code `a`.", "⟦Çöðé `a`⟧."),
        ("R&amp;", "⟦Ŕ&amp;⟧"),
        (r"End\.", r"⟦Éñð\.⟧"),
        ("So :icon:", "⟦Šö :icon: ļ⟧"),
        (r"A \`b` c", r"⟦Å \`ƀ` ç⟧"),
        (r"A \\`b` c", r"⟦Å \\`b` ç⟧"),
        ("Q&amp;A", "⟦Ǫ&amp;Å⟧"),
        ("Press <kbd>x</kbd>", "⟦Þŕéšš <kbd>x</kbd>⟧"),
        ("- one\n- two", "- ⟦öñé⟧\n- ⟦ţŵö⟧"),
        ("1. one\n   more", "1. ⟦öñé\n   ɱöŕé⟧"),
        ("# Title { #id }", "# ⟦Ţîţļé⟧ { #id }"),
        ("Title\n=====", "⟦Ţîţļé⟧\n====="),
        ("> one\n> two", "> ⟦öñé\n> ţŵö ļ⟧"),
        ("| a | `b|c` |\n| - | - |", "| ⟦å⟧ | `b|c` |\n| - | - |"),
        ("[Go](a.md){ .b }\n[Stop](c.md)", "[⟦Ĝö⟧](a.md){ .b }\n[⟦Šţöþ⟧](c.md)"),
        ("```sh\nrun\n```\nEnd", "```sh\nrun\n```\n⟦Éñð⟧"),
        ("~~~\n```\n~~~", "~~~\n```\n~~~"),
        ("Run:\n\n    pip install\n\nEnd", "⟦Ŕûñ⟧:\n\n    pip install\n\n⟦Éñð⟧"),
        ("One\n    two", "⟦Öñé\n    ţŵö⟧"),
        ("<p>\n\n    a\n</p>", "<p>\n\n    a\n</p>"),
        ("- one\n\n    two", "- ⟦öñé⟧\n\n    ⟦ţŵö⟧"),
        ("[a]: https://a.example\n", "[a]: https://a.example\n"),
        ('<text x="1">In</text>', '<text x="1">⟦Îñ⟧</text>'),
        ('<a\n  href="x">In</a>', '<a\n  href="x">⟦Îñ⟧</a>'),
        ("<!-- a\n\nb -->\nc", "<!-- a\n\nb -->\n⟦ç⟧"),
        ("<pre>\na\n\nb\n</pre>", "<pre>\na\n\nb\n</pre>"),
        ("a <b\n\n- c", "⟦å <ƀ⟧\n\n- ⟦ç⟧"),
        ('!!! note "Look"\n    Here', '!!! note "⟦Ļööķ⟧"\n    ⟦Ĥéŕé⟧'),
        ("Hard  \nbreak", "⟦Ĥåŕð  \nƀŕéåķ ļ⟧"),
        ("Text[^1]\n\n[^1]: Note", "⟦Ţéxţ[^1]⟧\n\n[^1]: ⟦Ñöţé⟧".replace("x", "ẋ")),
    ],
)
def test_letters_change_and_everything_else_stays(text: str, expected: str) -> None:
    assert pseudo(text) == expected


def test_accents_are_composed_latin_letters_one_for_one() -> None:
    assert len(ACCENTS) == len(set(ACCENTS.values())) == 52
    for key, value in ACCENTS.items():
        letter = chr(value)
        assert not letter.isascii()
        assert unicodedata.normalize("NFC", letter) == letter
        assert unicodedata.name(letter).startswith("LATIN")
        assert letter.isupper() == chr(key).isupper()


def test_texts_of_ours_keep_their_meaning_and_get_longer() -> None:
    texts = originals()
    assert len(texts) > 300
    for id, original, _ in texts:
        text = pseudo(original)
        assert meaning(rendered(text)) == meaning(rendered(original)), id
        assert grows(original, text), id
        assert text.count(OPEN) == text.count(CLOSE)


def test_interface_strings_keep_their_placeholders_and_get_longer() -> None:
    strings = [each for pair in interface_messages().items() for each in pair if each]
    assert len(strings) > 100
    for string in strings:
        text = pseudo(string)
        assert placeholders(text) == placeholders(string)
        has_words = any(map(str.isalpha, re.sub(r"\{.*?\}", "", string)))
        assert text.startswith(OPEN) == has_words
        assert not has_words or len(string) <= 10 or 1.3 <= len(text) / len(string) <= 1.7, text


def test_pages_of_ours_keep_their_links_anchors_and_code() -> None:
    assert len(PAGES) > 3
    for page in PAGES:
        text = page.read_text("utf-8")
        before, after = (
            re.sub(r"\A---\n.*?\n---\n", "", t, flags=re.DOTALL) for t in (text, pseudo_page(text))
        )
        assert meaning(rendered(after)) == meaning(rendered(before)), page.name
        assert grows(before, after), page.name


def test_a_page_has_a_title_of_its_language_and_anchors_of_the_original() -> None:
    body = "\n# Hello `there`\n\n## Twice\n\n## Twice\n\n## Own { #id }\n"
    page = f"---\ntitle: Home\ntags: [a]\n---\n{body}"
    text = pseudo_page(page)
    assert text.startswith("---\ntitle: ⟦Ĥöɱé⟧\ntags:\n- a\n---\n")
    ids = [node.attributes["id"] for node in rendered(text.split("---\n")[2]).css("[id]")]
    plain = [node.attributes["id"] for node in rendered(page.split("---\n")[2]).css("[id]")]
    assert ids == plain == ["hello-there", "twice", "twice_1", "id"]


WORDS = st.text("abcdefghijklmnopqrstuvwxyzABC", min_size=1, max_size=12)
PLAIN = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
INLINE = st.one_of(
    PLAIN,
    PLAIN.map(lambda text: f"**{text}**"),
    PLAIN.map(lambda text: f"*{text}*"),
    PLAIN.map(lambda text: f"_{text}_"),
    PLAIN.map(lambda text: f"`{text}`"),
    PLAIN.map(lambda text: f"`` `{text} ``"),
    WORDS.map(lambda text: f"`a.{text}(b_c)`"),
    WORDS.map(lambda text: f"[{text} it](https://a.example/{text}?q={text}#a_b)"),
    WORDS.map(lambda text: f"[`{text}` and **more**]({text}/index.md)"),
    WORDS.map(lambda text: f"<https://a.example/{text}>"),
    st.sampled_from(["\\*", "\\_x\\_", "&lt;b&gt;", "&#38;", "1,000", "{n}", "“quoted”,", "(so)"]),
)
PARAGRAPH = st.lists(INLINE, min_size=1, max_size=8).map(" ".join)
PARAGRAPHS = st.lists(PARAGRAPH, min_size=1, max_size=3)
BLOCK = st.one_of(
    PARAGRAPH,
    PARAGRAPH.map(lambda text: text.replace(" ", "\n", 1)),
    PARAGRAPHS.map(lambda texts: "\n".join(f"- {text}" for text in texts)),
    PARAGRAPHS.map(lambda texts: "\n".join(f"1. {text}" for text in texts)),
    PARAGRAPH.map(lambda text: f"## {text.replace('{n}', 'n')} {{ #id }}"),
    PARAGRAPH.map(lambda text: f"> {text}"),
    PLAIN.map(lambda text: f"```python\n{text}\n\n# {text}\n```"),
    PLAIN.map(lambda text: f"| {text} | `b` |\n| --- | --- |\n| **{text}** | {text} |"),
)  # fmt: skip
DOCUMENT = st.lists(BLOCK, min_size=1, max_size=4).map("\n\n".join)


@settings(max_examples=200, deadline=None)
@given(DOCUMENT)
def test_any_markdown_keeps_its_meaning(text: str) -> None:
    before, after = rendered(text), rendered(pseudo(text))
    assert meaning(after) == meaning(before)


@settings(max_examples=200, deadline=None)
@given(PLAIN, PARAGRAPH)
def test_any_paragraph_gets_two_fifths_longer(words: str, paragraph: str) -> None:
    assert grows(f"{words} {paragraph}", pseudo(f"{words} {paragraph}"))


@given(st.integers(min_value=11, max_value=500))
def test_every_length_gets_its_padding(length: int) -> None:
    assert 1.3 <= len(pseudo("a" * length)) / length <= 1.7
    assert visible_length("a" * length) == length


@pytest.mark.parametrize("length", range(1, 81))
def test_a_limit_is_kept_by_giving_up_padding_and_at_last_the_brackets(length: int) -> None:
    text = pseudo("a" * length, limit=80)
    assert len(text) <= 80
    assert "a" not in text
    assert (OPEN in text) == (length <= 78)
    assert pseudo("a" * length, limit=0).startswith(OPEN)


@pytest.mark.parametrize("source", [SOURCE, SMALL / "checklist.yaml", FOREIGN / "checklist.yaml"])
def test_a_source_gets_the_language_and_stays_what_it_is(source: Path) -> None:
    before = checklist_of(source)
    text = source.read_text("utf-8")
    after, problems = loads(pseudo_source(text, before), source.name)
    assert after
    assert not problems
    assert [*before.languages, after.languages[-1]] == [*after.languages]
    assert after.languages[-1].id == PSEUDO.id
    first = before.source_language.id
    for old, new in zip(before.texts, after.texts, strict=True):
        wordings = {tag: phrase.text for tag, phrase in new.phrases.items()}
        assert wordings.pop(PSEUDO.id) == pseudo(old.phrases[first].text, old.limit).strip()
        assert wordings == {tag: phrase.text for tag, phrase in old.phrases.items()}
    assert [item.id for item in after.items] == [item.id for item in before.items]
    assert [sample.code for sample in after.samples] == [sample.code for sample in before.samples]


def test_the_checks_find_nothing_but_that_some_texts_are_long(tmp_path: Path) -> None:
    source = tmp_path / "checklist.yaml"
    source.write_text(pseudo_source(SOURCE.read_text("utf-8"), checklist_of(SOURCE)), "utf-8")
    _, problems = examine(Settings(source, ROOT / "locales"))
    found = [each for each in problems if f"({PSEUDO.id})" in each.message]
    assert "missing-ui-string" in {each.code for each in found}  # so it was looked at
    others = [each for each in found if each.code != "missing-ui-string"]
    assert {each.code for each in others} <= {"too-long-for-original"}
    assert len(others) < 10


@pytest.fixture(scope="module")
def pseudo_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our site, built with the pseudo-language."""
    target = tmp_path_factory.mktemp("pseudo") / "site"
    configuration = ROOT / "mkdocs.yml"
    found = settings_of(configuration)
    assert found
    assert build_pseudo(found, configuration, target) == 0
    return target


def named(checklist: Checklist) -> str:
    """Proper names, contributors, and code as it is in titles: what stays in every language."""
    values = [name for scope in checklist.scopes for name in scope.values.values()]
    authors = [each.author for each in checklist.resources if each.author]
    code = [
        span
        for text in checklist.texts
        if text.id.endswith("/title")
        for span in re.findall(r"`([^`]+)`", text.phrases["en"].text)
    ]
    people = [
        entry.by
        for language in checklist.languages
        for entry in load_review(ROOT / "locales", language.id)[0].entries.values()
    ]
    return " ".join(["English", "Korean", "Spanish", *values, *authors, *code, *people])


def unaccented(page: HTMLParser) -> set[str]:
    """Words of four letters and more that a reader sees or hears, without any accent."""
    for node in page.css("script, style, code, pre, kbd, samp, .filename, [lang]:not(html)"):
        node.decompose()
    texts = [page.body.text(separator=" ")] if page.body else []
    for name in ("aria-label", "alt", "placeholder", "title"):
        texts += [node.attributes[name] or "" for node in page.css(f"body [{name}]")]
    texts += [node.text() for node in page.css("title")]
    texts += [node.attributes["content"] or "" for node in page.css("meta[name=description]")]
    return {word for word in re.findall(r"[^\W\d_]{4,}", " ".join(texts)) if word.isascii()}


@pytest.mark.complete
def test_whatever_a_reader_of_the_pseudo_language_sees_is_translated(pseudo_site: Path) -> None:
    checklist = checklist_of(SOURCE)
    known = set(re.findall(r"[^\W\d_]{4,}", named(checklist)))
    pages = sorted((pseudo_site / PSEUDO.id).rglob("*.html"))
    assert len(pages) > len(checklist.sections)
    for path in pages:
        assert f'lang="{PSEUDO.id}"' in path.read_text("utf-8")
        assert unaccented(HTMLParser(path.read_bytes())) - known == set(), path


def test_what_the_script_says_is_translated(pseudo_site: Path) -> None:
    page = HTMLParser((pseudo_site / PSEUDO.id / "checklist/index.html").read_bytes())
    (data,) = page.css("script.cl-data")
    said = json.dumps(json.loads(data.text())["text"], ensure_ascii=False)
    said = re.sub(r'"[^"]*":|\{\w+\}', "", said)
    assert len(re.findall(OPEN, said)) > 50
    assert re.findall(r"\b[A-Za-z]{4,}\b", said) == []


def test_items_and_theme_speak_the_pseudo_language(pseudo_site: Path) -> None:
    page = HTMLParser((pseudo_site / PSEUDO.id / "checklist/index.html").read_bytes())
    labels = [node.text().strip() for node in page.css(".cl-head label")]
    assert len(labels) == len(list(checklist_of(SOURCE).items))
    assert all(re.search(r"[^\x00-\x7f⟦⟧]", label) for label in labels)
    assert sum(label.startswith(OPEN) for label in labels) > len(labels) * 0.9
    english = HTMLParser((pseudo_site / "checklist/index.html").read_bytes())
    (skip,), (original,) = (each.css("a.md-skip") for each in (page, english))
    assert skip.text().strip() == original.text().strip().translate(ACCENTS)


def hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


@pytest.mark.parametrize("project", [SMALL, FOREIGN])
def test_a_project_is_left_as_it_is_whatever_its_source_language(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = hashes(project)
    found = settings_of(project / "mkdocs.yml")
    assert found
    assert build_pseudo(found, project / "mkdocs.yml", tmp_path / "out") == 0
    assert capsys.readouterr().out.endswith("out/en-XA/index.html is the start page\n")
    assert hashes(project) == before
    page = (tmp_path / "out/en-XA/checklist/index.html").read_text("utf-8")
    assert page.count(OPEN) > 20


def test_it_may_have_its_own_folder_again(tmp_path: Path) -> None:
    found = settings_of(SMALL / "mkdocs.yml")
    assert found
    (tmp_path / "out/en-XA").mkdir(parents=True)
    (tmp_path / "out/old.html").touch()
    assert build_pseudo(found, SMALL / "mkdocs.yml", tmp_path / "out") == 0
    assert not (tmp_path / "out/old.html").exists()


@pytest.mark.parametrize("out", ["full", "file", "a", "a/project", "a/project/docs"])
def test_a_folder_that_holds_something_else_is_not_emptied(
    out: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "a/project"
    shutil.copytree(SMALL, project)
    (tmp_path / "full").mkdir()
    (tmp_path / "full/letter.txt").write_text("mine", "utf-8")
    (tmp_path / "file").write_text("mine", "utf-8")
    before = hashes(tmp_path)
    found = settings_of(project / "mkdocs.yml")
    assert found
    assert build_pseudo(found, project / "mkdocs.yml", tmp_path / out) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("holds something else; name a new or empty folder")
    assert hashes(tmp_path) == before


def test_parts_that_lie_elsewhere_cannot_be_copied(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = Settings(SMALL / "checklist.yaml", FOREIGN / "locales")
    assert build_pseudo(found, SMALL / "mkdocs.yml", tmp_path / "out") == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("move it there")
    assert not (tmp_path / "out").exists()


def test_what_is_wrong_with_the_project_is_told_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mkdocs.yml").write_text("plugins: [{checklist: {source: a.yaml}}]\n", "utf-8")
    (tmp_path / "a.yaml").write_text("id: No\n", "utf-8")
    found = settings_of(tmp_path / "mkdocs.yml")
    assert found
    assert build_pseudo(found, tmp_path / "mkdocs.yml") == 1
    lines = capsys.readouterr().err.splitlines()
    assert any("a.yaml:1:5: error" in line for line in lines)
    assert any("has no plugin 'i18n'" in line for line in lines)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.yaml", "mkdocs.yml"]

"""Does a wording keep what the original has: code, addresses, emphasis, structure, length?

Placeholders are no concern here: `interface.py` compares those of every catalog.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from checklist.catalog import SOURCE_LANGUAGE
from checklist.checks.elements import (
    KEPT,
    VOID,
    Part,
    blocks,
    elements,
    emphasis,
    readings,
)
from checklist.checks.markup import HOLDER
from checklist.checks.numbers import numbers_differ
from checklist.checks.pairs import Fault, Pair, Rule
from checklist.glossary import Glossary
from checklist.messages import Kind, Message
from checklist.problems import Severity


def code_differs(pair: Pair) -> Iterator[Fault]:
    """Inline code and code blocks that are not those of the original.

    A page may name again, in code font, what stands anywhere on the original page.
    """
    lost, extra = _difference(pair, elements(pair.original).codes, elements(pair.wording).codes)
    if pair.message.kind is Kind.PAGE:
        extra = [part for part in extra if part[1] not in pair.original]
    yield from _faults("code-differs", "the code `{}`", lost, extra)


def url_differs(pair: Pair) -> Iterator[Fault]:
    """Addresses that are not those of the original, but for the language in them."""
    lost, extra = _difference(pair, elements(pair.original).urls, elements(pair.wording).urls)
    if not lost and not extra:
        return
    languages = frozenset((primary(pair.phrase.language), primary(source_language(pair.message))))
    for part in [*extra]:
        same = (each for each in lost if _leads_to_the_same(each[1], part[1], languages))
        if found := next(same, None):
            lost.remove(found)
            extra.remove(part)
    yield from _faults("url-differs", "the address {}", lost, extra)


def html_differs(pair: Pair) -> Iterator[Fault]:
    """Tags and attribute lists that are not those of the original; texts have none anyway."""
    if pair.message.kind is not Kind.TEXT:
        theirs, ours = elements(pair.original).tags, elements(pair.wording).tags
        yield from _faults("html-differs", "{}", _surplus(theirs, ours), _surplus(ours, theirs))


def _difference(
    pair: Pair, theirs: tuple[Part, ...], ours: tuple[Part, ...]
) -> tuple[list[Part], list[Part]]:
    """What is lost and what is new; of a page, whose text is freer, what is not there at all."""
    if theirs and ours and pair.message.kind is Kind.PAGE:
        here, there = {each for _, each in ours}, {each for _, each in theirs}
        return (
            [(0, each) for each in sorted(there - here)],
            [part for part in ours if part[1] not in there],
        )
    return _surplus(theirs, ours), _surplus(ours, theirs)


def _surplus(parts: tuple[Part, ...], others: tuple[Part, ...]) -> list[Part]:
    """The parts that the others lack; if there is one too many of a kind, the last of them."""
    if parts == others:
        return []
    left = Counter(each for _, each in parts)
    left.subtract(each for _, each in others)
    found = []
    for part in reversed(parts):
        if left[part[1]] > 0:
            left[part[1]] -= 1
            found.append(part)
    return found[::-1]


def _faults(code: str, name: str, lost: list[Part], extra: list[Part]) -> Iterator[Fault]:
    """Each new part with the lost one that it is likely to stand for, then what else is lost.

    What is only there in addition can be meant: code font for what the original has without.
    """
    for offset, new in extra:
        likely = max(lost[:_MANY], key=lambda each: _likeness(each[1], new), default=None)
        remedy = f"write {_short(likely[1])}" if likely else "delete it"
        message = f"{name.format(_short(new))} is not in the original; {remedy}"
        is_error = likely and code == "code-differs"
        yield Fault(offset, code, message, Severity.ERROR if is_error else Severity.WARNING)
        if likely:
            lost.remove(likely)
    for _, old in lost:
        message = f"{name.format(_short(old))} of the original is missing; add it"
        yield Fault(0, code, message, Severity.WARNING if name == "{}" else Severity.ERROR)


_MANY: Final = 20
"""Lost parts among which the likeliest is looked for."""


def _likeness(text: str, other: str) -> float:
    return SequenceMatcher(None, text[:80], other[:80]).ratio()


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


def source_language(message: Message) -> str:
    """The language of a message's original."""
    if message.text:
        phrases = message.text.phrases.items()
        found = (language for language, each in phrases if each.place == message.source_place)
        return next(found, SOURCE_LANGUAGE)
    if message.kind is Kind.PAGE:
        folder = message.source_place.path.removesuffix(message.id.partition("/")[2])
        return folder.rstrip("/").rpartition("/")[2]
    return SOURCE_LANGUAGE


def primary(language: str) -> str:
    """The primary subtag of a language: `pt` of `pt-BR`."""
    return language.partition("-")[0].lower()


def _leads_to_the_same(theirs: str, ours: str, languages: frozenset[str]) -> bool:
    """Whether two addresses differ only in the language they name.

    In another language's site an article has another name: en.wikipedia.org and
    ko.wikipedia.org agree whatever follows.
    """
    one, two = _HOST.match(theirs), _HOST.match(ours)
    if one and two and one[1] != two[1]:
        return {one[1], two[1]} <= languages and one[2] == two[2]
    return _neutral(theirs, languages) == _neutral(ours, languages)


_HOST: Final = re.compile(r"https?://([a-z]{2,3})(\.[^/]+)")


def _neutral(url: str, languages: frozenset[str]) -> list[str]:
    """The parts of an address that are no language: without /en-US/ and hl=en."""
    parts = re.split(r"[/&?=]", url)
    return [part for part in parts if part and re.split("[-_]", part)[0].lower() not in languages]


def emphasis_differs(pair: Pair) -> Iterator[Fault]:
    """Another number of strong or plain emphases than in the original."""
    ours, theirs = emphasis(pair.wording), emphasis(pair.original)
    if ours[:2] == theirs[:2]:
        return
    offset, remedy = 0, "emphasise what the original emphasises"
    if len(ours.stray) > len(theirs.stray):
        offset = ours.stray[0]
        remedy = (
            "these marks have no effect: between a letter and a bracket, a quote or code no "
            "emphasis ends; move the marks"
        )
    counts = f"{ours.strong} strong and {ours.em} plain emphases"
    message = f"{counts} for {theirs.strong} and {theirs.em} in the original; {remedy}"
    yield Fault(offset, "emphasis-differs", message)


_NAMES: Final = {
    "paragraph": "paragraphs",
    "entry": "list entries",
    "heading": "headings",
    "row": "rows",
    "property": "properties",
}


def element_count(pair: Pair) -> Iterator[Fault]:
    """Another number of paragraphs, list entries, headings or rows than the original has."""
    ours = [block.kind for block in blocks(pair.wording)]
    theirs = [block.kind for block in blocks(pair.original)]
    if ours == theirs:
        return
    for kind, name in _NAMES.items():
        count, wanted = ours.count(kind), theirs.count(kind)
        if count != wanted:
            surplus = [each for each in blocks(pair.wording) if each.kind == kind][wanted:]
            offset = surplus[0].start if surplus else 0
            remedy = "divide the text as the original is, with an empty line before a list"
            message = f"{count} {name} for {wanted} in the original; {remedy}"
            yield Fault(offset, "element-count", message)


_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_START: Final = re.compile(r"(?:^|[.:!?(\[“\"«])[\s*_]*$")
_FEW: Final = 3
"""Words from which a part of a text is a sentence and no list of names."""
_OTHER_SCRIPTS: Final = ("ar", "el", "fa", "he", "hi", "ja", "ko", "ru", "th", "uk", "zh")


def unchanged(pair: Pair) -> Iterator[Fault]:
    """Text that was left in the language of the original.

    Names and the glossary's terms that stay as they are do not count. A single word of the
    interface can be the same in languages of one script: Section, Status.
    """
    theirs, ours = readings(pair.original), readings(pair.wording)
    if theirs.keys().isdisjoint(ours.keys()):
        return
    language, source = primary(pair.phrase.language), primary(source_language(pair.message))
    if language == source:
        return
    is_label = pair.message.kind is Kind.INTERFACE and language not in _OTHER_SCRIPTS
    needed = _FEW if len(theirs) > 1 else 2 if is_label else 1
    for words, block in ours.items():
        if words in theirs and _count_words(words, source, pair.glossary) >= needed:
            message = "this is the original as it stands; translate it, or list the words that "
            yield Fault(block.start, "unchanged", f"{message}stay as they are in the glossary")


def _count_words(text: str, language: str, glossary: Glossary) -> int:
    """How many words there are to translate."""
    for term in glossary.terms:
        source = term.source.lower()
        if source == term.use.lower() and source in text.lower():
            text = re.sub(rf"\b{re.escape(term.source)}\b", HOLDER, text, flags=re.IGNORECASE)
    words = (match for match in _WORD.finditer(text) if len(match[0]) > 1)
    return sum(not _is_name(match, capitals=language == "de") for match in words)


def _is_name(match: re.Match[str], *, capitals: bool) -> bool:
    """Whether a word is written as names are: RabbitMQ, JSON, and Redis within a sentence."""
    word = match[0]
    if word.upper() != word.lower() and not (word[1:].islower() or word.islower()):
        return True
    is_within = not _SENTENCE_START.search(match.string[: match.start()])
    return word[0].isupper() and is_within and not capitals


_DENSITY: Final[Mapping[str, float]] = {
    "en": 1.0,
    "ar": 0.85,
    "de": 1.15,
    "es": 1.2,
    "fr": 1.1,
    "ja": 0.65,
    "ko": 0.58,
    "pt": 1.1,
    "zh": 0.4,
}
"""Letters for one of English: medians of what was translated here, of Chinese of what was read."""
_LEAST: Final = 40
"""Letters of an original from which its translation may be too short."""


def length(pair: Pair) -> Iterator[Fault]:
    """Far more or less text than is to be expected of a translation; no pages."""
    theirs, ours = _letters(pair.original), _letters(pair.wording)
    if pair.message.kind is Kind.PAGE or not theirs:
        return
    languages = primary(source_language(pair.message)), primary(pair.phrase.language)
    source, own = (_DENSITY.get(language, 1.0) for language in languages)
    ratio = ours / theirs / own * source
    # A long text cannot miss what is expected as far as a short one.
    latitude = (1.5 + 55 / theirs) * (1.0 if _DENSITY.keys() >= {*languages} else 1.4)
    if ratio * latitude < 1 and theirs > _LEAST:
        message = "the original says a good deal more; look whether something is missing"
        yield Fault(0, "too-short-for-original", message)
    elif ratio > latitude:
        message = "the original says a good deal less; look whether something is added or repeated"
        yield Fault(0, "too-long-for-original", message)


@lru_cache(KEPT)
def _letters(text: str) -> int:
    """How many characters of a text are neither space nor code."""
    plain = elements(text).plain
    return len("".join(plain.split())) - sum(map(plain.count, (HOLDER, VOID)))


RULES: Final[tuple[Rule, ...]] = (
    code_differs,
    url_differs,
    html_differs,
    emphasis_differs,
    numbers_differ,
    unchanged,
    element_count,
    length,
)

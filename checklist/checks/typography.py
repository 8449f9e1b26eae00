"""Is a wording set as its language sets text: spaces, letters, punctuation, pairs?

Where the original does the same, nothing is said: the fault is not the translation's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from checklist.checks.elements import KEPT, VOID, Block, blocks, elements
from checklist.checks.pairs import Fault, Pair, Rule
from checklist.checks.parity import primary
from checklist.messages import Kind
from checklist.problems import Severity

_DOUBLE: Final = re.compile(r"(?<=[^\s|])[ \t\u00a0\u202f]{2,}(?=[^\s|])")


def outer_space(pair: Pair) -> Iterator[Fault]:
    """Space around an interface string that the original has not, or none where it has some.

    YAML is read without it, and around a page it means nothing.
    """
    if pair.message.kind is not Kind.INTERFACE:
        return
    ours, theirs = pair.wording, pair.original
    ends = len(ours.rstrip())
    for offset, mine, other in (
        (0, ours[: len(ours) - len(ours.lstrip())], theirs[: len(theirs) - len(theirs.lstrip())]),
        (ends, ours[ends:], theirs[len(theirs.rstrip()) :]),
    ):
        if mine != other:
            remedy = "delete the space here" if mine else "add the space that is missing"
            message = f"the original begins or ends otherwise; {remedy}"
            yield Fault(offset, "outer-space", message)


def double_space(pair: Pair) -> Iterator[Fault]:
    """Two spaces in a row within a line."""
    found = _double_spaces(pair.wording)
    if found and not _double_spaces(pair.original):
        for offset in found:
            yield Fault(offset, "double-space", "there are two spaces in a row; delete one")


@lru_cache(KEPT)
def _double_spaces(text: str) -> tuple[int, ...]:
    prose = elements(text).plain
    if not _DOUBLE.search(prose):
        return ()
    return tuple(
        match.start() + 1
        for block in blocks(text)
        for match in _DOUBLE.finditer(prose, block.start, block.end)
    )


_PASSING: Final = {
    "Cyrillic": dict(
        zip("АВЕЅІЈКМНОРСТУХаеѕіјорсухԁԛԝ", "ABESIJKMHOPCTYXaesijopcyxdqw", strict=True)
    ),
    "Greek": dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲϳν", "ABEZHIKMNOPTYXocjv", strict=True)),
}
"""By script: letters that nobody can tell from a Latin one, and that Latin one (Unicode Technical
Standard 39, `confusables.txt`)."""
_SCRIPT: Final = {
    "Cyrillic": re.compile("[\u0400-\u052f]"),
    "Greek": re.compile("[\u0370-\u03ff\u1f00-\u1fff]"),
}
_LATIN: Final = re.compile("[A-Za-zªºÀ-ÖØ-öø-ɏḀ-ỿ]")
_INFLECTED: Final = re.compile("[A-Z]{2,}[^A-Za-z]+")
"""An abbreviation with an ending: PDFы."""
_SPELLING: Final = re.compile(r"[^\W\d_]+")
_NATIVE: Final = ("be", "bg", "el", "kk", "ky", "mk", "mn", "ru", "sr", "tg", "tt", "uk")
"""Languages with words of these scripts."""
_UNSEEN: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u2800\u3164\uffa0]"
    "|(?P<also>[\xad\u180e\u200b\u2028-\u202e\u2060-\u2069\ufeff])"
)
"""Letters without a shape, such as the HANGUL FILLER; and what `characters.py` finds in YAML."""


def look_alike(pair: Pair) -> Iterator[Fault]:
    """Letters that cannot be seen, or that pass for those of another script."""
    if pair.wording.isascii():
        return
    for match in _UNSEEN.finditer(pair.wording):
        if pair.message.kind is not Kind.TEXT or not match["also"]:
            message = f"{_named(match[0])} cannot be seen; delete it"
            yield Fault(match.start(), "look-alike", message, Severity.ERROR)
    prose = elements(pair.wording).plain
    for script, letters in _SCRIPT.items():
        if letters.search(prose):
            for match in _SPELLING.finditer(prose):
                if letter := _passing(match[0], script, pair):
                    message = f"'{match[0]}' has {_named(letter)} in it; type the word anew"
                    offset = match.start() + match[0].index(letter)
                    yield Fault(offset, "look-alike", message, Severity.ERROR)


def _passing(word: str, script: str, pair: Pair) -> str:
    """The letter of a word that passes for one of another script, if there is one."""
    strange, latin = _SCRIPT[script].findall(word), _LATIN.findall(word)
    passing = [letter for letter in strange if letter in _PASSING[script]]
    if not strange or _INFLECTED.fullmatch(word) or word in pair.original:
        return ""
    if not latin:
        native = primary(pair.phrase.language) in _NATIVE
        return passing[0] if word.islower() and len(passing) == len(word) and not native else ""
    if len(latin) >= len(strange):
        return passing[0] if passing else ""
    return next((each for each in latin if each in _PASSING[script].values()), "")


def _named(character: str) -> str:
    return f"U+{ord(character):04X} ({unicodedata.name(character, '')})"


def composed(pair: Pair) -> Iterator[Fault]:
    """Letters that are not composed, in catalogs and on pages; in YAML each line is looked at."""
    if pair.message.kind is Kind.TEXT or unicodedata.is_normalized("NFC", pair.wording):
        return
    text = unicodedata.normalize("NFC", pair.wording)
    both = enumerate(zip(pair.wording, text, strict=False))
    offset = next((i for i, (one, two) in both if one != two), len(text))
    message = "letters and accents are separate characters here; write the text in NFC"
    yield Fault(offset, "not-nfc", message, Severity.ERROR)


_KINDS: Final = {
    "full stop": ".。．｡।۔።။",
    "colon": ":：",
    "question mark": "?？؟",
    "exclamation mark": "!！",
    "ellipsis": "…",
    "": ";；؛,，、،",
}
"""Signs that end a paragraph. In lists, commas and semicolons are a matter of style."""
_KIND_OF: Final = {sign: kind for kind, signs in _KINDS.items() for sign in signs}
_SIGNS: Final = {
    "ja": "。：？！",
    "zh": "。：？！",
    "hi": "।",
    "bn": "।",
    "ur": "۔؟",
    "ar": "؟",
    "fa": "؟",
}
"""What a language writes for . : ? ! if not these."""
_STOPLESS: Final = ("th", "lo", "km", "hy", "am", "my")
"""Languages that end sentences with a space, within a word or with more than one sign."""
_CLOSING: Final = f" \t\n\u00a0\u202f*_{VOID}\"'”“’‘»«›‹」』）)]】》〉"
_SENTENCE: Final[Mapping[str, re.Pattern[str]]] = {
    "ko": re.compile(r"[다요오죠까]\Z"),
    "ja": re.compile(r"(?:ます|ません|ました|です|でした|ください|ましょう)\Z"),
}
"""How a sentence ends, where a phrase that is none may stand without the original's full stop."""


def end_punctuation(pair: Pair) -> Iterator[Fault]:
    """Paragraphs, list entries and titles that do not end as the original does.

    What comes in another number than in the original cannot be compared: `element-count`.
    """
    ours, theirs = blocks(pair.wording), blocks(pair.original)
    language = primary(pair.phrase.language)
    if len(ours) != len(theirs) or language in _STOPLESS:
        return
    for block, other in zip(ours, theirs, strict=True):
        (end, sign, kind), (_, _, wanted) = _end(pair.wording, block), _end(pair.original, other)
        own = next((each for each in _SIGNS.get(language, "") if _KIND_OF[each] == wanted), "")
        if kind == wanted and not own:
            continue
        if None in (kind, wanted) or _is_abbreviation(pair.original, other, {kind, wanted}):
            continue
        if kind == wanted:
            if sign == ("?" if own == "؟" else "." if wanted == "full stop" else ""):
                yield Fault(end, "end-punctuation", f"'{sign}' ends this; write '{own}'")
        elif not _may_differ(pair, end, kind, wanted):
            remedy = f"write '{own or _KINDS[wanted or ''][0]}'" if wanted else "delete it"
            what = wanted or f"no {kind}"
            message = f"the original has {what} at the end here; {remedy}"
            yield Fault(end, "end-punctuation", message)


def _end(text: str, block: Block) -> tuple[int, str, str | None]:
    """Where the last sign of a block stands, the sign and its kind; `None` if nobody cares."""
    prose = elements(text).plain
    length = len(prose[block.start : block.end].rstrip(_CLOSING))
    end = block.start + max(length - 1, 0)
    if prose.endswith("...", block.start, end + 1):
        return end - 2, "...", "ellipsis"
    kind = _KIND_OF.get(prose[end])
    return end, prose[end], None if kind == "" else kind or ""


def _is_abbreviation(text: str, block: Block, kinds: set[str | None]) -> bool:
    """Whether a stop can belong to a word: the whole text is one, or it ends as a.m. does."""
    words = text[block.start : block.end]
    return "full stop" in kinds and (len(words.split()) < 2 or words[-3:-2] == ".")


def _may_differ(pair: Pair, end: int, kind: str | None, wanted: str | None) -> bool:
    """Whether a language rightly ends otherwise here."""
    language = primary(pair.phrase.language)
    said = _SENTENCE.get(language)
    before = pair.wording[:end]
    if language in ("ko", "ja", "zh") and (kind, wanted) == ("full stop", "colon"):
        return True  # a sentence announces what follows
    if language == "ja" and (kind, wanted) == ("full stop", "question mark"):
        return before.endswith("か")
    if said and (kind, wanted) == ("", "full stop"):
        return not said.search(pair.wording[: end + 1])
    # What is a phrase in an English message is a sentence in these languages.
    is_message = pair.message.kind is not Kind.TEXT and (kind, wanted) == ("full stop", "")
    return bool(is_message and said and said.search(before))


_BRACKETS: Final = dict(zip("([{（［｛「『【《〈〔", ")]}）］｝」』】》〉〕", strict=True))
_QUOTES: Final = {
    "“": "”“",
    "„": "“”",
    "‘": "’",
    "‚": "‘’",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "”": "”“",
    '"': '"',
}
"""What opens and what closes: “English”, “по-русски“, „deutsch“, „polski”, «français», »dansk«,
”svenska” and ”العربية“."""
_CLOSES: Final = {close: open_ for open_, close in _BRACKETS.items()}
_BRACKET: Final = re.compile("[" + re.escape("".join([*_BRACKETS, *_CLOSES])) + "]")
_QUOTE: Final = re.compile("[" + "".join(_QUOTES) + "’]")
_NO_SIGN: Final = re.compile(
    r"(?<!\w)[:;]-?[()\[\]]|(?:(?<=\s)|\A)(?:\d{1,3}|[A-Za-z]|[ivx]{1,4})\)(?=\s)|(?<=\d)\"(?!\w)"
    r"|(?<=[A-Za-zÀ-ɏ\u0370-\u052f])’(?=[A-Za-zÀ-ɏ\u0370-\u052f])"
)
"""A smiley, the mark of an enumeration such as 1) or a), inches; the apostrophe within a word
(behind a closing quote there can be a Hangul particle)."""


def unpaired(pair: Pair) -> Iterator[Fault]:
    """Brackets and quotes that do not close or open."""
    known = [sign for _, sign in _unpaired(pair.original)]
    for offset, sign in _unpaired(pair.wording):
        if sign in known:
            known.remove(sign)
        else:
            message = f"{sign} is alone in its paragraph; add its counterpart or delete it"
            yield Fault(offset, "unpaired", message)


@lru_cache(KEPT)
def _unpaired(text: str) -> tuple[tuple[int, str], ...]:
    prose = elements(text).plain
    alone = _all_alone(text, prose)
    if alone:  # "(see 1)" is a pair, but 1) alone is none
        alone = _all_alone(text, _NO_SIGN.sub(lambda match: " " * len(match[0]), prose))
    return tuple(sorted(alone))


def _all_alone(text: str, prose: str) -> list[tuple[int, str]]:
    used = [signs for signs in (_BRACKET, _QUOTE) if signs.search(prose)]
    places = ((block, signs) for signs in used for block in blocks(text))
    return [each for place in places for each in _alone(prose, *place)]


def _alone(prose: str, block: Block, signs: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    open_: list[tuple[int, str]] = []
    for match in signs.finditer(prose, block.start, block.end):
        sign, last = match[0], open_[-1][1] if open_ else ""
        if last and (sign in _QUOTES.get(last, "") or _CLOSES.get(sign) == last):
            open_.pop()
        elif sign in _BRACKETS or sign in _QUOTES:
            open_.append((match.start(), sign))
        elif sign != "’":  # or else an apostrophe
            yield match.start(), sign
    yield from open_


_DOUBLED: Final = re.compile(
    r"(?<![\w'’-])([^\W\d_]+)(?:[ \u00a0]|\n[ ]*)\1(?![\w'’-])", re.IGNORECASE
)
_ALPHABETIC: Final = re.compile("[A-Za-zªºÀ-ɏḀ-ỿ\u0370-\u052f]+")
_REPEATING: Final = ("az", "id", "kk", "ky", "mi", "ms", "sw", "tk", "tl", "tr", "uz", "vi", "zu")
"""Languages that repeat whole words by their grammar."""
_RIGHTLY_DOUBLED: Final[Mapping[str, str]] = {
    "de": "die der das den dem sie was wer",
    "nl": "die dat het de er",
    "fr": "nous vous",
    "en": "that had is",
    "it": "via piano mano man poco",
    "sv": "att det den",
    "da": "at det den",
    "ru": "чуть еле",
}
"""Words that a sentence can rightly have twice: ›die Daten, die die Aufgaben teilen‹,
« vous vous trompez »."""


def doubled_word(pair: Pair) -> Iterator[Fault]:
    """The same word twice in a row."""
    language = primary(pair.phrase.language)
    found = () if language in _REPEATING else _doubled(pair.wording)
    known = {
        *_RIGHTLY_DOUBLED.get(language, "").split(),
        *(word for _, word in _doubled(pair.original)),
    }
    for offset, word in found:
        if word not in known:
            yield Fault(offset, "doubled-word", f"'{word}' stands here twice; delete one")


@lru_cache(KEPT)
def _doubled(text: str) -> tuple[tuple[int, str], ...]:
    """The second of every two words that are the same, in small letters."""
    return tuple(
        (match.end() - len(match[1]), match[1].lower())
        for match in _DOUBLED.finditer(elements(text).plain)
        if _ALPHABETIC.fullmatch(match[1])
    )


RULES: Final[tuple[Rule, ...]] = (
    outer_space,
    double_space,
    look_alike,
    composed,
    end_punctuation,
    unpaired,
    doubled_word,
)

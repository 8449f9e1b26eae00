"""Words in running text: where a text is prose, and the forms in which a word occurs there.

The rules of single languages and the glossary stand on this. It knows just enough of the
grammar of English, Korean and Spanish to find a word again; in other languages a word is
taken as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeVar

from checklist.checks.markup import HOLDER, prose_of
from checklist.glossary import Glossary

_T = TypeVar("_T")
_KEPT: Final = 16
"""Glossaries whose patterns are kept: more than a project has languages, as a rule."""

SKIPPED: Final = "\ue000"
"""Stands for what is written between words but not read: a link's target, a tag, attributes."""
ADDRESS: Final = "\ue001"
"""Stands for an address that is read, and that nobody knows how to read aloud."""

_NOT_READ: Final = re.compile(
    r"""
    (?P<target>(?<=\])\((?:[^()\n]|\([^()\n]*\))*\))
    | (?P<address><[a-z][a-z0-9+.-]*:[^\s<>]*> | \b(?:https?|ftp)://[!-'*-;=?-~]+)
    | (?P<tag><!--.*?--> | </?[A-Za-z][^<>]*>)
    | (?P<attributes>\{[ ]?[:.\#][^{}\n]*\})
    | (?P<name>\{[a-z_]+\})
    | (?P<key>\A---\n.*?^---$)
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_KEY: Final = re.compile(r"^(?:---|[a-z_]+:)", re.MULTILINE)


@lru_cache(maxsize=2048)
def running_text(markdown: str) -> str:
    """A text as it is read, of the same length, so that offsets stay right.

    Code is replaced by `HOLDER`, the name in a `{placeholder}` too; addresses by `ADDRESS`; the
    targets of links, tags, attributes and the keys of the front matter by `SKIPPED`.
    """
    return _NOT_READ.sub(_masked, prose_of(markdown))


def _masked(match: re.Match[str]) -> str:
    if match.lastgroup == "key":
        return _KEY.sub(lambda key: SKIPPED * len(key[0]), match[0])
    if match.lastgroup == "name":
        return "{" + HOLDER * (len(match[0]) - 2) + "}"
    filler = ADDRESS if match.lastgroup == "address" else SKIPPED
    return re.sub(r"[^\n]", filler, match[0])


def once_per_glossary(build: Callable[[Glossary], _T]) -> Callable[[Glossary], _T]:
    """Keep what is made from a glossary as long as it is the same object; hashing it is slow."""
    kept: dict[int, tuple[Glossary, _T]] = {}

    def cached(glossary: Glossary) -> _T:
        if id(glossary) not in kept:
            if len(kept) >= _KEPT:
                kept.clear()
            kept[id(glossary)] = (glossary, build(glossary))
        return kept[id(glossary)][1]

    return cached


def listed(words: str) -> tuple[str, ...]:
    """Words that a rule knows, from a text with a space between them."""
    return tuple(words.split())


def original_pattern(term: str) -> str:
    """A pattern for a term of the source language, inflected as in English, without bounds."""
    words = re.split(r"([\s-]+)", term)
    parts = (
        _english(word) if number % 2 == 0 else r"[\s-]?" if word == "-" else r"[\s-]+"
        for number, word in enumerate(words)
    )
    return "".join(parts)


def _english(word: str) -> str:
    spelled = re.sub(r"is(?=e|er|ed|ation)", "i[sz]", re.escape(word))
    if word.endswith("e"):
        return rf"{spelled[:-1]}(?:e[sd]?|ing)"
    if re.search(r"[^aeiou]y$", word):
        return rf"{spelled[:-1]}(?:y|ies|ied|ying)"
    double = rf"{word[-1]}?" if re.search(r"[^aeiou][aeiou][bdgklmnprt]$", word) else ""
    return rf"{spelled}(?:e?s|{double}ed|{double}ing)?"


def word_pattern(word: str, language: str) -> str:
    """A pattern for a word of a language in all its forms, without what bounds it.

    Between the parts of a word there may be a gloss in brackets: 하드(hard) 시간 제한.
    """
    forms = {"ko": _korean, "es": _spanish}.get(language.partition("-")[0], re.escape)
    return r"\s*(?:\([^()]*\))?\s+".join(forms(part) for part in word.split())


def literal(pattern: str) -> str:
    """How every match of a pattern of this module begins: quick to look for, often not there."""
    beginning = re.match(r"[^\W_]*", pattern)
    return beginning[0].lower() if beginning else ""


# Korean: particles and endings are written onto the word.

_PARTICLES: Final = (
    "(?:들)?(?:이?여야|이어야|에서야|에서|에게|한테|께서|으?로|까지|부터|마다|처럼|보다|만큼|밖에|조차|마저|대로|뿐"
    "|이?나|이?며|이?든지?|이?란|이?라[가-힣]?|이?고|이?면|이?지만|이?므로|이?랑|입니[가-힣]"
    "|[을를은는이가과와의에도만인일])"
    "(?:서|써|부터|까지|조차|라도|[은는을를이가도만의나])*"
)
_MADE_VERB: Final = "(?:하|한|할|합|함|해|했|되|된|될|됩|됨|돼|됐|시키|시킨|시킬|시킵)[가-힣]*"
KOREAN_END: Final = rf"(?:{_PARTICLES}|{_MADE_VERB}|용|별)?(?![가-힣])"
"""What may follow a noun within its word."""

_VOWELS: Final = 28
"""Code points of syllables with the same vowel: one without and 27 with a final consonant."""
_FUSED: Final = {
    20: (6,),  # ㅣ + 어: ㅕ
    13: (14,),  # ㅜ + 어: ㅝ
    8: (9,),  # ㅗ + 아: ㅘ
    11: (10,),  # ㅚ + 어: ㅙ
    18: (4, 0),  # ㅡ falls off before 어, 아
    0: (1,),  # only of 하다: 해
}


def _korean(word: str) -> str:
    return _korean_verb(word[:-1]) if len(word) > 1 and word.endswith("다") else re.escape(word)


def _korean_verb(stem: str) -> str:
    """All forms of a regular verb or adjective, by what its last syllable becomes."""
    code = ord(stem[-1]) - ord("가")
    if not 0 <= code < 11172 or code % _VOWELS:
        return rf"{re.escape(stem)}[가-힣]*"
    onset, vowel = divmod(code // _VOWELS, 21)
    vowels = (vowel, *(_FUSED.get(vowel, ()) if vowel or stem[-1] == "하" else ()))
    finals = (0, 4, 8, 16, 17, 20)  # none, ㄴ, ㄹ, ㅁ, ㅂ, ㅆ
    last = "".join(
        chr(ord("가") + (onset * 21 + each) * _VOWELS + final)
        for each in vowels
        for final in finals
    )
    return rf"{re.escape(stem[:-1])}[{last}][가-힣]*"


# Spanish: gender, number and the regular conjugations.

_CLITICS: Final = "(?:se|me|te|nos)?(?:l[eoa]s?)?"
_SPANISH_VERB: Final = {
    "ar": "o|as|a|amos|an|es?|emos|en|é|ó|aste|aron|aba[ns]?|ábamos|a[dr]os?|ad[oa]s?|ando"
    "|ar(?:á[ns]?|é|emos|ía[ns]?)|ara[ns]?",
    "er": "o|es?|emos|en|as?|amos|an|í|ió|iste|ieron|ía[ns]?|id[oa]s?|iendo"
    "|er(?:á[ns]?|é|emos|ía[ns]?)|iera[ns]?",
    "ir": "o|es?|imos|en|as?|amos|an|í|ió|iste|ieron|ía[ns]?|id[oa]s?|iendo"
    "|ir(?:á[ns]?|é|emos|ía[ns]?)|iera[ns]?",
}
_SPELLING: Final = {"c": "(?:c|qu|zc|z)", "g": "(?:gu?|j)", "z": "[zc]"}
"""How the last consonant of a stem changes before other vowels."""
_ACCENTED: Final = {"a": "[aá]", "e": "[eé]", "i": "[ií]", "o": "[oó]", "u": "[uú]"}


_LOANWORD: Final = re.compile(r"[kw]|(?:iz|[lns]t|gg|dd)er$")
"""Ends like a verb, but is an English noun: worker, serializer."""


def _spanish(word: str) -> str:
    verb = re.fullmatch(r"(\w{2,})([aei]r)(?:se)?", word)
    if verb and not _LOANWORD.search(word):
        return _spanish_verb(verb[1], verb[2])
    if word.endswith("ión"):
        return rf"{re.escape(word[:-3])}i(?:ón|ones)"
    if word.endswith("z"):
        return rf"{re.escape(word[:-1])}(?:z|ces)"
    if word.endswith("o"):
        return rf"{re.escape(word[:-1])}[oa]s?"
    return rf"{re.escape(word)}(?:e?s)?"


def _spanish_verb(stem: str, kind: str) -> str:
    # With pronouns behind it, and in verbs like enviar, a form has an accent on its stem.
    vowel = max(stem.rfind(each) for each in _ACCENTED)
    letters = [
        _SPELLING.get(each, each) if at == len(stem) - 1 else each for at, each in enumerate(stem)
    ]
    if vowel >= 0:
        letters[vowel] = _ACCENTED[stem[vowel]]
    return rf"{''.join(letters)}(?:{kind[0]}r|{_SPANISH_VERB[kind]}){_CLITICS}"

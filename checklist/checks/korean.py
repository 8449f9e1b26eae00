"""Is Korean written in one register?

Texts say facts in 합니다 and give instructions in 하세요. Only the ends of sentences are
looked at; headings, buttons and list entries that end in a noun are right. Without a full
stop, a word counts as a verb only if no noun is likely to end like that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from checklist.checks.pairs import Fault, Pair
from checklist.checks.words import SKIPPED, running_text

_CLOSERS: Final = rf"[)\]*_{SKIPPED}]*"
"""What may stand between a word and its stop. Not quotation marks: others may speak as they do."""
_SENTENCE_END: Final = re.compile(
    rf"(?P<word>[가-힣]+){_CLOSERS}(?:"
    rf"(?P<stop>[.!?。])(?={_CLOSERS}(?:\s|\Z|\|))"
    rf"|[ ]*(?=\s*\Z|\n[ \t]*\n|\n[ \t]*(?:[-+*]|[0-9]+[.)])[ ]|\n[ \t]*[#>|]|\|))"
)
"""The last word of a sentence, or of a paragraph, list entry or table cell without a stop."""
_NO_VERB: Final = re.compile(
    r"(?:보다|마다|바다|람다|판다|소다|수다|코다|콘다|베란다|개요|인프라|카메라|나라|오페라|울트라|과다|캐나다)$"
)
"""Particles and nouns that end like a verb."""
_PLAIN_QUESTION: Final = re.compile(r"(?<!니)까$|[는은인던런]가$")
_PLAIN_WITHOUT_STOP: Final = re.compile(r"[이없않좋같많하되크작]다$")
_IMPERATIVE: Final = re.compile(
    r"[하해으마말어아여거너켜꺼써둬줘봐춰워려겨져쳐내두쓰들열우누꾸르기리]라$"
    r"|시오$|[가-힣]하자$|^(?:두|쓰|넣|말|만들|읽|켜|끄|보내)자$|시다$"
)
_HORTATIVE: Final = re.compile(r"(?:[게록][ \n]+|\))\Z")
"""Before 하자 it tells the verb (let us) from the noun (defect)."""
_NO_INSTRUCTION: Final = "is not how readers are addressed here; end instructions in 하세요"
_FINALS: Final = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_OPEN_VOWELS: Final = frozenset({0, 1, 4, 5, 6, 7, 9, 10, 14, 15})
"""ㅏ ㅐ ㅓ ㅔ ㅕ ㅖ ㅘ ㅙ ㅝ ㅞ, in which the forms before 요 end."""


def register(pair: Pair) -> Iterator[Fault]:
    """Statements that do not end in 합니다, instructions that do not end in 하세요."""
    text = running_text(pair.wording)
    for match in _SENTENCE_END.finditer(text):
        word, stop = match["word"], match["stop"] or ""
        remedy = None if _NO_VERB.search(word) else _remedy(word, stop)
        if word == "하자" and _HORTATIVE.search(text, 0, match.start()):
            remedy = _NO_INSTRUCTION
        if remedy:
            message = f"'{word}{stop}' {remedy}"
            yield Fault(match.start("word"), "korean-register", message)


def _remedy(word: str, stop: str) -> str | None:
    if _is_plain(word, stop):
        return "is not in the register of the texts here; end statements in 합니다"
    if _is_casual(word, stop):
        return "is in 해요; end statements in 합니다, instructions in 하세요"
    if _IMPERATIVE.search(word) and not _is_formal(word):
        return _NO_INSTRUCTION
    return None


def _is_plain(word: str, stop: str) -> bool:
    """한다, 했다, 이다, and the questions that go with them."""
    if stop == "?" and _PLAIN_QUESTION.search(word):
        return True
    if len(word) < 2 or not word.endswith("다") or _is_formal(word) or word.endswith("시다"):
        return False
    return bool(stop or _PLAIN_WITHOUT_STOP.search(word)) or _final(word[-2]) in "ㄴㅆ"


def _is_formal(word: str) -> bool:
    return len(word) > 2 and word.endswith("니다") and _final(word[-3]) == "ㅂ"


def _is_casual(word: str, stop: str) -> bool:
    """해요, 이에요, 네요; but 하세요 is right, and a question may end in 까요 or 나요."""
    if len(word) < 2 or not word.endswith("요") or word.endswith(("세요", "셔요")):
        return False
    before = word[-2]
    if stop == "?" and before in "까나가":
        return False
    vowel = (ord(before) - ord("가")) // 28 % 21
    return before in "지죠군든고" or (_final(before) == " " and vowel in _OPEN_VOWELS)


def _final(syllable: str) -> str:
    return _FINALS[(ord(syllable) - ord("가")) % 28]

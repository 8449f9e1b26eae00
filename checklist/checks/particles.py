"""Does every Korean particle fit the sound before it?

Of the particles with two forms, the form follows the sound before it: 를 after a vowel, 을
after a consonant, and 로 after a vowel or ㄹ, 으로 after other consonants. After Latin
letters, numbers and code it is the word as read aloud that counts. Brackets and quotation
marks are not read: 확인 응답(ack)을.

A false alarm is worse than a fault that is missed. Many Korean words end in a syllable that
looks like a particle (결과, 있는, 평가, 차이), so right after Hangul a form is judged only
where no word is spelled like the wrong form, or where the word before it is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from checklist.checks.markup import HOLDER
from checklist.checks.pairs import Fault, Pair, Rule
from checklist.checks.readings import Sound, hangul_sound, readings_of, sound_of
from checklist.checks.words import SKIPPED, listed, once_per_glossary, running_text
from checklist.glossary import Glossary
from checklist.messages import Kind

_AFTER_VOWEL: Final = {"을": "를", "은": "는", "이": "가", "과": "와", "으로": "로", "이나": "나"}
_AFTER_CONSONANT: Final = {right: wrong for wrong, right in _AFTER_VOWEL.items()} | {
    short: f"이{short}"
    for short in (
        "라면",
        "라고",
        "라는",
        "란",
        "라서",
        "라도",
        "며",
        "고",
        "면",
        "지만",
        "므로",
        "든",
        "랑",
    )
}
"""Wrong form to right form. After a vowel the longer forms of the copula are right as well."""
_FORMS: Final = {
    Sound.VOWEL: _AFTER_VOWEL,
    Sound.RIEUL: {k: v for k, v in _AFTER_CONSONANT.items() if k != "로"} | {"으로": "로"},
    Sound.CONSONANT: _AFTER_CONSONANT,
}
_ALTERNATING: Final = "|".join(
    sorted({*_AFTER_VOWEL, *_AFTER_CONSONANT}, key=lambda form: (-len(form), form))
)
_MORE: Final = "(?:(?<=[과와로])(?:[는도만의]|부터|서|써|까지))?(?![가-힣])"
"""What may follow the particle: 와의, 로는."""
_TAIL: Final = rf"(?P<particle>{_ALTERNATING}){_MORE}"
_BETWEEN: Final = rf"(?:\((?:[^()]|\([^()]*\)){{0,200}}\)|[\]’”'\"*_」』》»{SKIPPED}])"
"""What is not read between a word and its particle: a gloss in brackets, closing marks."""
_READ_ALOUD: Final = re.compile(
    rf"(?P<word>{HOLDER}++|(?<![A-Za-z0-9_])(?>[A-Za-z0-9](?:[A-Za-z0-9_.,+&:@-]*[A-Za-z0-9])?%?))"
    rf"{_BETWEEN}*+{_TAIL}"
)
"""Code, or a word in Latin letters or a number, with its particle."""
_SET_APART: Final = re.compile(rf"(?P<word>[가-힣]){_BETWEEN}++{_TAIL}")
"""Hangul with something between it and its particle, which tells that it is one."""

_IMPOSSIBLE: Final = re.compile(
    rf"(?<![가-힣])[가-힣]*(?P<word>[가-힣])(?P<particle>을|를|은|으로|와){_MORE}"
)
"""Forms with which no Korean word ends if they do not fit the syllable before.

을 and 은 after a vowel, 를 and 와 after a consonant, 으로 after a vowel or ㄹ: endings of verbs
follow the same rule as the particles (먹을, 갈; 많은, 큰; 따를; 들어와).
"""
_ENDS_SO: Final = re.compile(
    r"^(?:늦|초|올|시골|산)?(?:마을|가을|노을|고을)$|(?:수|야|포)은$|들를$|(?:연|안)와"
    r"|(?:^|[뒤러퍼]|결정|마무리|결론)(?:지|이|나|그|부|저|모)[을은]$"
)
"""But these do: a few nouns, verbs that lose ㅅ (나은, 지을), and 들를."""

_NOUNS: Final = listed(
    "값 개체 객체 결과 경로 경우 그룹 기간 기능 내용 노드 단계 단위 데이터 데이터베이스 도구 "
    "라이브러리 로그 루프 링크 메모리 메서드 모드 모듈 목록 문서 방법 버전 변수 사용자 사이트 상태 "
    "서버 서비스 설명 설정 섹션 속성 시간 시점 언어 예외 오류 요청 응답 이름 이벤트 이유 "
    "인스턴스 제목 주소 코드 클라이언트 클래스 타입 테스트 테이블 파일 페이지 폴더 프로그램 "
    "프로세스 프로젝트 필드 필터 항목 함수 호출 환경"
)
"""Frequent nouns that with a wrong particle are no other word."""

_PAIRS: Final = ("을를", "은는", "이가", "과와")
_UNRESOLVED: Final = re.compile(
    "|".join(
        rf"{a}\({b}\)|{b}\({a}\)|\({a}\){b}|\({b}\){a}|(?<=\S)(?:{a}/{b}|{b}/{a})(?![가-힣])"
        for a, b in _PAIRS
    )
    + r"|\(으\)로|(?<=\S)(?:으로/로|로/으로)(?![가-힣])"
    + r"|\(이\)(?:나(?![가-힣])|[라란든며고면]|지만|므로)"
)
_DOUBLED: Final = re.compile(
    r"[가-힣]*?(?P<doubled>를를|을를|를을|는는|은는|는은|에에|에서에서|으로로|으로으로|와와|와과|를는|를은|마을을을)(?![가-힣])"
)
_APART: Final = re.compile(
    rf"(?:(?<=[{HOLDER}A-Za-z0-9)\]])[ ]"
    r"(?P<particle>[을를는은과와로의에]|으로|에서|에는|에서는|까지|처럼)"
    r"|(?<=[가-힣])[ ](?P<plain>를|는))(?=[\s.,!?)]|\Z)"
)
"""A particle by itself, where no word is spelled like it: 이 (this), 가, 도 and 만 are words."""


_ALSO_WORDS: Final = frozenset({"란", "면", "고", "든", "이나"})
"""With these a noun or a number may be another word: 설정란 (field), 3면 (side)."""


def unresolved(pair: Pair) -> Iterator[Fault]:
    """을(를) and the like, which leave the choice to the reader, also behind a placeholder."""
    text = running_text(pair.wording)
    for match in _UNRESOLVED.finditer(text):
        message = f"'{match[0]}' leaves the choice to the reader; write the particle that fits"
        yield Fault(match.start(), "unresolved-particle", message)
    if pair.message.kind is not Kind.INTERFACE:
        return
    for match in re.finditer(rf"\}}{_BETWEEN}*+{_TAIL}", text):
        message = (
            f"whether '{match['particle']}' fits depends on what comes in for the braces; "
            "put a noun before the particle, or do without"
        )
        yield Fault(match.start("particle"), "unresolved-particle", message)


def particle(pair: Pair) -> Iterator[Fault]:
    """Particles that do not fit the sound before them."""
    text = running_text(pair.wording)
    readings = readings_of(pair.glossary)
    for match in _READ_ALOUD.finditer(text):
        word = pair.wording[match.start("word") : match.end("word")]
        if word.isdigit() and _is_counted(text, match):
            continue
        if sound := sound_of(word, readings):
            yield from _misfit(pair, match, sound)
    for match in _SET_APART.finditer(text):
        yield from _misfit(pair, match, hangul_sound(match["word"]))
    for match in _IMPOSSIBLE.finditer(text):
        if not _ENDS_SO.search(match[0]) and not _DOUBLED.fullmatch(match[0]):
            yield from _misfit(pair, match, hangul_sound(match["word"]))
    for match in _known_words(pair.glossary).finditer(text):
        if match["particle"] not in _ALSO_WORDS and not _IMPOSSIBLE.fullmatch(match[0]):
            yield from _misfit(pair, match, hangul_sound(match["word"][-1]))


def _is_counted(text: str, number: re.Match[str]) -> bool:
    """Whether what follows may be a counter: 3면 (three sides), 종로3가, 제2과 (lesson)."""
    after_hangul = re.match("[가-힣]", text[number.start() - 1 : number.start()])
    return number["particle"] in _ALSO_WORDS or after_hangul is not None


def _misfit(pair: Pair, match: re.Match[str], sound: Sound) -> Iterator[Fault]:
    wrong = match["particle"]
    right = _FORMS[sound].get(wrong)
    if right is None:
        return
    quoted = pair.wording[match.start() : match.end()]
    start = match.start("particle") - match.start()
    mended = quoted[:start] + right + quoted[start + len(wrong) :]
    message = f"'{_short(quoted)}': the word before ends in {sound.value}; write '{_short(mended)}'"
    yield Fault(match.start("particle"), "wrong-particle", message)


def _short(quoted: str) -> str:
    """A quotation on one line, of which the end matters."""
    line = " ".join(quoted.split())
    return line if len(line) <= 40 else f"…{line[-38:]}"


@once_per_glossary
def _known_words(glossary: Glossary) -> re.Pattern[str]:
    """Known nouns together with what may be the wrong particle for them."""
    words = set(_NOUNS)
    for term in glossary.terms:
        for use in (term.use, *term.forms):
            last = re.sub(r"\([^()]*\)", "", use).split()[-1:]
            if last and re.fullmatch("[가-힣]+", last[0]) and not last[0].endswith("다"):
                words.add(last[0])
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<![가-힣])(?P<word>{'|'.join(longest_first)}){_TAIL}")


def doubled(pair: Pair) -> Iterator[Fault]:
    """A particle that was written twice, or with its other form."""
    for match in _DOUBLED.finditer(running_text(pair.wording)):
        message = f"'{match[0]}' has two particles; delete one"
        yield Fault(match.start("doubled"), "doubled-particle", message)


def apart(pair: Pair) -> Iterator[Fault]:
    """A particle with a space before it."""
    for match in _APART.finditer(running_text(pair.wording)):
        form = match["particle"] or match["plain"]
        message = f"the particle '{form}' belongs to the word before it; delete the space"
        yield Fault(match.start(), "spaced-particle", message)


RULES: Final[tuple[Rule, ...]] = (unresolved, particle, doubled, apart)

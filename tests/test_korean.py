"""Korean in one register, and with the particles that fit."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import pytest

from checklist import examine
from checklist.checks import korean, particles
from checklist.checks.markup import HOLDER
from checklist.checks.pairs import Fault, Pair, Rule
from checklist.checks.readings import Sound, readings_of, sound_of
from checklist.checks.words import running_text
from checklist.glossary import Glossary, Term
from checklist.messages import Kind, Message
from checklist.model import Phrase
from checklist.problems import Place
from checklist.project import settings_of
from tests.conftest import ROOT

RULES = (korean.register, *particles.RULES)


def term(use: str, reading: str = "") -> Term:
    return Term(use, use, (), (), "", reading, Place("glossary.yaml"))


GLOSSARY = Glossary(
    "ko",
    (
        *(
            term(word)
            for word in ("큐", "워커", "풀", "락", "확인 응답", "데드 레터 큐(DLQ)", "넣다")
        ),
        term("Redis", "레디스"),
        term("RabbitMQ", "래빗엠큐"),
        term("JSON", "제이슨"),
        term("URL", "유아르엘"),
        term("pickle", "피클"),
        term("beat", "비트"),
        term("chain", "체인"),
        term("late", "레이트"),
        term("limit", "리밋"),
        term("schedule", "스케줄"),
        term("get", "겟"),
        term("run", "런"),
        term("option", "옵션"),
        term("True", "트루"),
        term("None", "넌"),
        term("TERM", "텀"),
        term("error", "에러"),
    ),
)


def pair(wording: str, kind: Kind = Kind.TEXT) -> Pair:
    phrase = Phrase(wording, "ko", Place("checklist.yaml"))
    message = Message("items/x/why", kind, ("",), (phrase,), Place("a"), Place("a"))
    return Pair("", phrase, message, GLOSSARY)


def faults(wording: str, rules: Iterable[Rule] = RULES) -> list[Fault]:
    return [fault for rule in rules for fault in rule(pair(wording))]


@pytest.mark.parametrize(
    ("wording", "word"),
    [
        ("태스크는 두 번 실행된다.", "실행된다"),
        ("브로커가 메시지를 다시 전달한다.", "전달한다"),
        ("결과를 저장했다.", "저장했다"),
        ("기본값은 3600이다.", "이다"),
        ("제한이 없다. 그래서 멈춥니다.", "없다"),
        ("이 값은 오류가 아니다.", "아니다"),
        ("- 워커가 죽었다\n- 다시 시작합니다.", "죽었다"),
        ("| 키 | 하는 일 |\n|---|---|\n| x | 항목을 지운다 |", "지운다"),
        ("다음에는 되지 않는다", "않는다"),
        ("왜 실패하는가?", "실패하는가"),
        ("큐를 나눌까?", "나눌까"),
        ("결과를 저장해요.", "저장해요"),
        ("이 값은 기본값이에요.", "기본값이에요"),
        ("그대로 두는 게 좋아요.", "좋아요"),
        ("이름이 바뀌었네요.", "바뀌었네요"),
        ("태스크를 다시 실행하죠. 그게 답이지요.", "답이지요"),
        ("타임아웃을 설정하라.", "설정하라"),
        ("타임아웃을 설정하라", "설정하라"),
        ("타임아웃을 **설정하라**.", "설정하라"),
        ("시크릿을 인자로 넘기지 마라.", "마라"),
        ("시크릿을 인자로 넘기지 말라.", "말라"),
        ("큐마다 워커를 두라.", "두라"),
        ("인덱스를 걸어라.", "걸어라"),
        ("이름을 확인해라", "확인해라"),
        ("이름을 확인하십시오.", "확인하십시오"),
        ("이름을 확인하시오.", "확인하시오"),
        ("이름을 확인합시다.", "확인합시다"),
        ("큐를 나눠서 사용하자.", "사용하자"),
        ("알림이 오게 하자.", "하자"),
        ("[`link`](https://example.org/x)로 이어라.", "이어라"),
    ],
)
def test_another_register_is_found_at_its_word(wording: str, word: str) -> None:
    found = faults(wording, [korean.register])
    assert [(fault.code, fault.offset) for fault in found] == [
        ("korean-register", wording.index(word))
    ]
    assert "하세요" in found[0].message or "합니다" in found[0].message


@pytest.mark.parametrize(
    "wording",
    [
        "타임아웃을 설정하세요",
        "큐에 넣으세요. 결과가 저장됩니다.",
        "이름을 알려 주세요.",
        "프로젝트를 삭제할까요?",
        "무엇이 잘못되었나요?",
        "실행 취소",
        "재시도는 세 번까지(5.7부터).",
        "그보다 오래 걸리는 태스크마다",
        "개요",
        "인프라",
        "원인은 하자.",
        "AWS 람다",
        "한 번 실행하기",
        "로그에 `모두 실행했다.`가 남습니다.",
        "‘시간이 다 됐다.’라는 로그가 남습니다.",
        "- 브로커\n- 워커\n- 결과 백엔드",
        "| 키 | 하는 일 |\n|---|---|\n| x | 항목 체크 |",
        "실행하다 멈추면 다시 시작합니다.",
        "값이 이렇다고 해서 안전하지는 않습니다.",
        "```\n태스크를 실행한다.\n```",
        "주요 설정은 두 가지입니다. 동의가 필요합니다.",
        "## 큐를 나누세요 { #queues }\n\n나눕니다.",
    ],
)
def test_the_register_of_the_texts_is_left_alone(wording: str) -> None:
    assert faults(wording, [korean.register]) == []


PAIRS = [
    # The word before is Hangul.
    ("큐를", "큐을"),
    ("태스크를 큐에", "태스크을 큐에"),
    ("값을 바꿉니다", "값를 바꿉니다"),
    ("풀을", "풀를"),
    ("큐는 비어", "큐은 비어"),
    ("값은 큽니다", "값는 큽니다"),
    ("워커가 죽으면", "워커이 죽으면"),
    ("락이 풀리면", "락가 풀리면"),
    ("결과와 상태", "결과과 상태"),
    ("이름과 값", "이름와 값"),
    ("워커와의 연결", "워커과의 연결"),
    ("큐로 보냅니다", "큐으로 보냅니다"),
    ("값으로 정합니다", "값로 정합니다"),
    ("풀로는 부족합니다", "풀으로는 부족합니다"),
    ("파일로 남깁니다", "파일으로 남깁니다"),
    # A word in Latin letters.
    ("Redis를 씁니다", "Redis을 씁니다"),
    ("Redis는", "Redis은"),
    ("RabbitMQ가", "RabbitMQ이"),
    ("Redis와 RabbitMQ", "Redis과 RabbitMQ"),
    ("beat로", "beat으로"),
    ("Redis나", "Redis이나"),
    ("JSON을", "JSON를"),
    ("JSON으로", "JSON로"),
    ("JSON이나", "JSON나"),
    ("JSON이라면", "JSON라면"),
    ("pickle을", "pickle를"),
    ("pickle로", "pickle으로"),
    ("URL로", "URL으로"),
    ("URL이", "URL가"),
    ("TLS를", "TLS을"),
    ("SQS로", "SQS으로"),
    # Numbers: 영 일 이 삼 사 오 육 칠 팔 구, 십, 퍼센트.
    ("1로 둡니다", "1으로 둡니다"),
    ("3을", "3를"),
    ("4를", "4을"),
    ("7로", "7으로"),
    ("6.0과", "6.0와"),
    ("0.5를", "0.5을"),
    ("10으로", "10로"),
    ("3600이", "3600가"),
    ("95%를", "95%을"),
    ("base64로", "base64으로"),
    # Brackets, quotation marks and emphasis are not read.
    ("확인 응답(ack)을", "확인 응답(ack)를"),
    ("확인 응답(late ack)이", "확인 응답(late ack)가"),
    ("데드 레터 큐(DLQ)로", "데드 레터 큐(DLQ)으로"),
    ("Redis(7.2 이상)는", "Redis(7.2 이상)은"),
    ("‘기본값’은", "‘기본값’는"),
    ("**큐**를", "**큐**을"),
    ("[참고 자료](resources.md)를", "[참고 자료](resources.md)을"),
    ("[`acks_late`](https://example.org/a(b))는", "[`acks_late`](https://example.org/a(b))은"),
    ("<kbd>X</kbd>를", "<kbd>X</kbd>을"),
    # Code is read as its last word, a call as what is called, `key=value` as the value.
    ("`acks_late`를", "`acks_late`을"),
    ("`task_time_limit`은", "`task_time_limit`는"),
    ("`beat_schedule`로", "`beat_schedule`으로"),
    ("`get()`이", "`get()`가"),
    ("`bind=True`를", "`bind=True`을"),
    ("`max_retries=None`은", "`max_retries=None`는"),
    ("`timeout = 30`을", "`timeout = 30`를"),
    ("`OperationalError`가", "`OperationalError`이"),
    ("`TERM`으로", "`TERM`로"),
    ("`task_options`와", "`task_options`과"),
    ("`-P`를", "`-P`을"),
    ("`late=`로", "`late=`으로"),
    ("`acks_late`(5.1부터)를", "`acks_late`(5.1부터)을"),
]


@pytest.mark.parametrize(("right", "wrong"), PAIRS)
def test_a_particle_follows_the_sound_before_it(right: str, wrong: str) -> None:
    assert faults(right) == []
    found = faults(wrong)
    assert [fault.code for fault in found] == ["wrong-particle"]
    # Both are the same up to the particle, but for 이나 and 나.
    same = next(n for n, (a, b) in enumerate(zip(right, wrong, strict=False)) if a != b)
    assert found[0].offset == same
    assert found[0].message.endswith("'")
    mended = found[0].message.rpartition("write '")[2].rstrip("'")
    assert right.startswith(mended) or mended in right


@pytest.mark.parametrize(
    "wording",
    [
        # Nouns, verbs and adverbs that end like a noun with a particle.
        "결과 효과 사과 초과 통과 종이 차이 사이 높이 크기 평가 국가 추가 증가 전문가",
        "마을 가을 노을",
        "하는 있는 없는 같은 많은 작은 나은 지은 모은 수은 할 먹을 지을 이을 나을",
        "부을 모을 따를 들를",
        "앞으로 새로 도로 경로 통로 진로 별로 서로 바로 스스로 실제로 대체로 함부로 홀로",
        "들어와 나와 돌아와 쫓아와 기와 안와",
        "설정란을 채우세요. 이 설정란 옆, 목록란 아래, 기준가, 옵션가, 묶음과 그룹과 값과",
        "만나 하나 언제나 어긋나 라면 그러면 누구든 무엇이든 얼마든지",
        # Not known how to read.
        "`frobnicate`을 `frobnicate`를 Frobnitz은 Frobnitz는 NAT을 NAT를",
        "`https://example.org/a`을 `/metrics`를 `redis://`을 `60/m`은",
        "<https://example.org/redis>을 https://example.org/late을",
        # Read with its arguments or without: both are heard.
        "`run(1)`를 `get(late)`을 `get(late)`를",
        # Figures in names: 삼 or three.
        "`cook_v3()`는 `cook_v3()`은 v1을 v1를 log10을 log10를",
        # Counters and what else stands behind a number.
        "3면 3개 2회를 종로3가 제2과 10초와 5분은",
        # The copula keeps its 이 after a vowel too.
        "Redis이면 Redis이고 Redis이지만 Redis이므로 Redis입니다 Redis인",
        "(5.5부터)를 쓰세요. **모두**로 끝납니다. 값은 ‘큐’의 이름",
        "이 값은 그 값과 다릅니다. 은행은 은은한 은색",
        "의의 회의의 국가가 평가가 차이이 나이가 경로로 도로로 마을을 가을을",
        "`acks_late` 이 설정은 `acks_late` 가운데 하나",
    ],
)
def test_what_only_looks_like_a_particle_is_left_alone(wording: str) -> None:
    particle_rules = particles.RULES
    assert [fault.message for fault in faults(wording, particle_rules)] == []


@pytest.mark.parametrize(
    ("wording", "form"),
    [
        ("큐을(를) 비웁니다.", "을(를)"),
        ("큐를(을) 비웁니다.", "를(을)"),
        ("워커이(가) 죽으면", "이(가)"),
        ("워커은(는) 기다립니다.", "은(는)"),
        ("큐와(과) 워커", "와(과)"),
        ("큐과(와) 워커", "과(와)"),
        ("큐(으)로 보냅니다.", "(으)로"),
        ("큐(이)나 워커", "(이)나"),
        ("큐(이)라는 이름", "(이)라"),
        ("큐을/를 비웁니다.", "을/를"),
        ("워커은/는 기다립니다.", "은/는"),
        ("큐(을)를 비웁니다.", "(을)를"),
    ],
)
def test_a_choice_of_particles_is_not_left_to_the_reader(wording: str, form: str) -> None:
    found = [fault for fault in faults(wording) if fault.code == "unresolved-particle"]
    assert [fault.offset for fault in found] == [wording.index(form)]


@pytest.mark.parametrize(
    "wording",
    ["높이/가로", "사이(가운데)", "이/그/저", "을/를 구별하는 규칙", "`을(를)`은", "이(2번)가"],
)
def test_brackets_and_strokes_elsewhere_are_no_choice(wording: str) -> None:
    assert not list(particles.unresolved(pair(wording)))


def test_after_a_placeholder_no_particle_can_fit() -> None:
    wording = "‘{name}’을 삭제할까요?"
    (fault,) = particles.unresolved(pair(wording, Kind.INTERFACE))
    assert (fault.code, fault.offset) == ("unresolved-particle", wording.index("을"))
    for right in ("‘{name}’ 프로젝트를 삭제할까요?", "{n}개를 가져왔습니다.", "{n}/{total}"):
        assert not list(particles.unresolved(pair(right, Kind.INTERFACE)))


@pytest.mark.parametrize(
    ("wording", "doubled"),
    [
        ("큐를를 비웁니다.", "를를"),
        ("값을를 바꿉니다.", "을를"),
        ("값은는 큽니다.", "은는"),
        ("큐에에", "에에"),
    ],
)
def test_a_particle_stands_once(wording: str, doubled: str) -> None:
    assert [(fault.code, fault.offset) for fault in faults(wording)] == [
        ("doubled-particle", wording.index(doubled))
    ]


@pytest.mark.parametrize(
    "wording",
    ["`acks_late` 를 켭니다.", "Redis 는 빠릅니다.", "큐 를 비웁니다.", "큐(DLQ) 로 갑니다."],
)
def test_a_particle_is_written_onto_its_word(wording: str) -> None:
    found = [fault for fault in faults(wording) if fault.code == "spaced-particle"]
    assert [wording[fault.offset] for fault in found] == [" "]


def test_words_are_read_as_the_glossary_says() -> None:
    readings = readings_of(GLOSSARY)
    assert sound_of("acks_late", readings) is Sound.VOWEL
    assert sound_of("`beat_schedule`", readings) is Sound.RIEUL
    assert sound_of("SoftTimeLimit", readings) is Sound.CONSONANT
    assert sound_of("HTML", readings) is Sound.RIEUL
    assert sound_of("NASA", readings) is None


# On our own content.


@cache
def content() -> tuple[Pair, ...]:
    settings = settings_of(ROOT / "mkdocs.yml")
    assert settings is not None
    project, _ = examine(settings)
    assert project is not None
    return tuple(
        Pair(message.original[-1], phrase, message, project.glossaries["ko"])
        for message in project.messages("ko")
        for phrase in message.wording
    )


def test_our_own_korean_has_no_fault() -> None:
    assert len(content()) > 500
    found = [
        f"{each.message.id}: {fault.message}"
        for each in content()
        for rule in RULES
        for fault in rule(each)
    ]
    assert found == []


MUTATIONS = {
    # What to look for in running text (group 1), what to put there, the code, the rate to reach.
    "을 to 를": (r"[가-힣](을)(?![가-힣])", "를", "wrong-particle", 0.99),
    "를 to 을": (r"[가-힣](를)(?![가-힣])", "을", "wrong-particle", 0.99),
    "Latin 는 to 은": (r"[A-Za-z0-9](는)(?![가-힣])", "은", "wrong-particle", 0.99),
    "Latin 가 to 이": (r"[A-Za-z0-9](가)(?![가-힣])", "이", "wrong-particle", 0.99),
    "code 를 to 을": (rf"{HOLDER}(를)(?![가-힣])", "을", "wrong-particle", 0.9),
    "code 을 to 를": (rf"{HOLDER}(을)(?![가-힣])", "를", "wrong-particle", 0.9),
    "code 로 to 으로": (rf"{HOLDER}(로)(?![가-힣])", "으로", "wrong-particle", 0.9),
    "code 는 to 은": (rf"{HOLDER}(는)(?![가-힣])", "은", "wrong-particle", 0.9),
    "gloss 을 to 를": (r"[가-힣]\([a-z ]+\)(을)(?![가-힣])", "를", "wrong-particle", 1),
    "를 to 을(를)": (r"[가-힣](를)(?![가-힣])", "을(를)", "unresolved-particle", 1),
    "를 twice": (r"[가-힣](를)(?![가-힣])", "를를", "doubled-particle", 1),
    "space before 를": (rf"{HOLDER}(를)(?![가-힣])", " 를", "spaced-particle", 1),
    "하세요 to 하라": (r"[가-힣](하세요)(?=\.|\Z)", "하라", "korean-register", 1),
    "하세요 to 해라": (r"[가-힣](하세요)(?=\.|\Z)", "해라", "korean-register", 1),
    "하세요 to 하자": (r"[가-힣](하세요)(?=\.|\Z)", "하자", "korean-register", 1),
    "으세요 to 으십시오": (r"[가-힣](으세요)(?=\.|\Z)", "으십시오", "korean-register", 1),
    "합니다 to 한다": (r"[가-힣](합니다)(?=\.)", "한다", "korean-register", 1),
    "합니다 to 해요": (r"[가-힣](합니다)(?=\.)", "해요", "korean-register", 1),
    "습니다 to 다": (r"[가-힣](습니다)(?=\.\s)", "다", "korean-register", 1),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_faults_put_into_our_own_korean_are_found(name: str) -> None:
    pattern, new, code, rate = MUTATIONS[name]
    places = [
        (each, match)
        for each in content()
        for match in re.finditer(pattern, running_text(each.wording))
    ]
    assert len(places) >= 8
    sample = random.Random(6).sample(places, min(40, len(places)))  # noqa: S311
    found = 0
    for each, match in sample:
        text = each.wording[: match.start(1)] + new + each.wording[match.end(1) :]
        mutant = replace(each, phrase=replace(each.phrase, text=text))
        faults = [fault for rule in RULES for fault in rule(mutant) if fault.code == code]
        found += any(abs(fault.offset - match.start(1)) < 12 for fault in faults)
    assert found >= rate * len(sample)

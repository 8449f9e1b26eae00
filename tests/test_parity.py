"""Does a wording keep what the original has? Each rule is shown wrong and right pairs."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.checks import elements as elements_module
from checklist.checks.elements import blocks, elements, emphasis
from checklist.checks.numbers import numbers_differ
from checklist.checks.pairs import Fault, Pair, Rule
from checklist.checks.parity import (
    RULES,
    code_differs,
    element_count,
    emphasis_differs,
    html_differs,
    length,
    source_language,
    unchanged,
    url_differs,
)
from checklist.checks.typography import RULES as TYPOGRAPHY
from checklist.checks.wordings import check_wordings
from checklist.glossary import Glossary, Term
from checklist.messages import Kind, Message
from checklist.model import Phrase, Text
from checklist.problems import Place, Severity
from checklist.project import Project, examine, settings_of
from tests.conftest import FOREIGN, ROOT, SMALL

ORIGINAL_PLACE = Place("list.yaml", 2, 5)
PLACE = Place("list.yaml", 3, 5)


def pair(
    languages: str,
    original: str,
    wording: str,
    kind: Kind = Kind.TEXT,
    terms: tuple[tuple[str, str], ...] = (),
) -> Pair:
    """A pair from languages such as `en-ko`; an interface string is English in any case."""
    source, language = languages.split(">")
    phrase = Phrase(wording, language, PLACE, True)
    text = Text(
        "items/x/why", PLACE, {source: Phrase(original, source, ORIGINAL_PLACE), language: phrase}
    )
    id, place = {
        Kind.TEXT: ("items/x/why", ORIGINAL_PLACE),
        Kind.INTERFACE: ("ui/x", PLACE),
        Kind.PAGE: ("pages/a/index.md", Place(f"docs/{source}/a/index.md")),
    }[kind]
    message = Message(
        id, kind, (original,), (phrase,), place, PLACE, text if kind is Kind.TEXT else None
    )
    listed = (Term(en, use, (), (), "", "", PLACE) for en, use in terms)
    return Pair(original, phrase, message, Glossary(language, tuple(listed)))


def at(rule: Rule, each: Pair) -> list[tuple[str, str]]:
    """The code of every fault, and the wording from where the fault is."""
    return [(fault.code, each.wording[fault.offset :]) for fault in rule(each)]


class Start(str):
    """What a text begins with, as far as a test says it."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and bool(other) and self.startswith(other)

    __hash__ = str.__hash__


def starts(rule: Rule, each: Pair) -> list[Start]:
    """The wording from where each fault is."""
    return [Start(rest) for _, rest in at(rule, each)]


@pytest.mark.parametrize(
    ("languages", "original", "wording", "found"),
    [
        ("en>ko", "Set `a`.", "`b`를 설정하세요.", ["`b`를 설정하"]),
        ("en>ko", "Set `a` and `b`.", "`b`를 설정하세요.", ["`b`를 설정하"]),
        ("en>es", "Set `a`.", "Configure a.", ["Configur"]),
        ("en>es", "Set a.", "Configure `a`.", ["`a`."]),
        ("en>es", "Set `a`.", "Configure `a` con `a`.", ["`a`."]),
        ("en>de", "Run:\n\n```sh\nls -l\n```", "Starten Sie:\n\n```sh\nls -1\n```", ["```sh\nls"]),
        ("de>fr", "Ölen Sie die `Kette`", "Huilez la `chaîne`", ["`chaîne`"]),
        ("ar>ja", "شغّل `--offline`", "`--online`にする", ["`--onlin"]),
    ],
)
def test_other_code_than_the_original_s_is_found(
    languages: str, original: str, wording: str, found: list[str]
) -> None:
    assert starts(code_differs, pair(languages, original, wording)) == found


@pytest.mark.parametrize(
    ("languages", "original", "wording"),
    [
        ("en>ko", "Set `a` and `b`.", "`b`와 `a`를 설정하세요."),
        ("en>es", "Set `a b`.", "Configure `a\n  b`."),
        ("en>es", "Write ``a`b``.", "Escriba ``a`b``."),
        ("en>ko", "A \\` and `b`.", "`b`와 \\`입니다."),
        ("en>de", "- Run:\n\n  ```sh\n  ls\n  ```", "- Starten:\n\n  ```bash\n  ls\n  ```"),
        ("en>de", '```sh\nls "x y" # all\n# a\n```', '```sh\nls "y z"   # alle\n# b\n```'),
        ("ar>ja", "شغّل `--offline`", "`--offline` にする"),
    ],
)
def test_the_same_code_in_another_order_is_right(
    languages: str, original: str, wording: str
) -> None:
    assert not starts(code_differs, pair(languages, original, wording))


def test_lost_code_and_wrong_code_are_errors_but_more_code_font_is_not() -> None:
    def severities(wording: str) -> list[Severity]:
        return [fault.severity for fault in code_differs(pair("en>es", "Set `ab`.", wording))]

    assert severities("Configure.") == severities("Configure `ac`.") == [Severity.ERROR]
    assert severities("Configure `ab` con `c`.") == [Severity.WARNING]


def test_the_remedy_names_the_code_that_is_most_alike() -> None:
    wrong = pair("en>es", "`task_acks_late`, `broker_url`", "`broker_ulr`, `task_acks_late`")
    (fault,) = code_differs(wrong)
    assert fault.message.endswith("write broker_url")


def test_a_page_may_repeat_the_code_of_the_original_page() -> None:
    original = "Set `id`.\n\n```yaml\nnotes: 1\n```"
    same = "`id`를 정하세요. `id`는 `notes`입니다.\n\n```yaml\nnotes: 1\n```"
    assert not starts(code_differs, pair("en>ko", original, same, Kind.PAGE))
    other = same.replace("`notes`", "`note`")
    assert starts(code_differs, pair("en>ko", original, other, Kind.PAGE)) == []
    other = same.replace("`notes`", "`nodes`")
    assert starts(code_differs, pair("en>ko", original, other, Kind.PAGE)) == ["`nodes`"]
    assert starts(code_differs, pair("en>ko", original, "`id`", Kind.PAGE)) == ["`id`"]


@pytest.mark.parametrize(
    ("languages", "original", "wording", "found"),
    [
        (
            "en>ko",
            "See [a](https://a.example/x).",
            "[가](https://a.example/y)를 보세요.",
            ["https://"],
        ),
        ("en>es", "See [a](https://a.example/x).", "Vea a.", ["Vea a."]),
        ("en>es", "See a.", "Vea [a](b.md).", ["b.md)."]),
        ("en>de", "<https://a.example>", "https://b.example", ["https://"]),
        ("de>fr", "[a](x.md) und [b](y.md)", "[a](x.md) et [b](x.md)", ["x.md)"]),
        (
            "en>ko",
            "[a](https://en.wikipedia.example/wiki/Ack)",
            "[a](https://en.wikipedia.example/wiki/Nack)",
            ["https://"],
        ),
        ("en>ko", "[a](https://a.example/en/x)", "[a](https://a.example/ko/y)", ["https://"]),
        ("en>ko", "[a](https://en.a.example/x)", "[a](https://ko.b.example/x)", ["https://"]),
        ("en>ko", "[a](https://en.a.example/x)", "[a](https://de.a.example/x)", ["https://"]),
        ("en>ko", "[a](https://a.example/en/x)", "[a](https://a.example/de/x)", ["https://"]),
    ],
)
def test_other_addresses_than_the_original_s_are_found(
    languages: str, original: str, wording: str, found: list[str]
) -> None:
    for kind in Kind:
        assert starts(url_differs, pair(languages, original, wording, kind)) == found or (
            kind is Kind.PAGE and "x.md" in original
        )


@pytest.mark.parametrize(
    ("languages", "original", "wording"),
    [
        (
            "en>ko",
            "[a](https://a.example/(x)) [b](y.md)",
            "[나](y.md)와 [가](https://a.example/(x))",
        ),
        (
            "en>ko",
            "https://en.wiki.example/w/Ack.",
            "https://ko.wiki.example/w/%EC%9D%91를 보세요.",
        ),
        ("en>ko", "[a](https://m.example/en-US/docs/#x)", "[a](https://m.example/ko/docs/#x)"),
        ("en>es", "[a](https://p.example/3/x.html)", "[a](https://p.example/es/3/x.html)"),
        ("en>pt-BR", "[a](https://p.example/x?hl=en)", "[a](https://p.example/x?hl=pt-br)"),
        ("ar>ja", '[a](<https://a.example> "اسم")', '[ア](https://a.example "名前")'),
        ("en>ko", "See https://a.example/x, then go.", "https://a.example/x를 본 뒤 가세요."),
        ("en>es", "Set `https://a.example`.", "Configure `https://b.example`."),
    ],
)
def test_the_same_address_in_the_reader_s_language_is_right(
    languages: str, original: str, wording: str
) -> None:
    for kind in (Kind.TEXT, Kind.PAGE):
        assert not starts(url_differs, pair(languages, original, wording, kind))


def test_html_and_attributes_of_pages_are_compared() -> None:
    original = '# Start { #top }\n\n<figure class="a"><b>x</b></figure>\n\n[go](a.md){ .button }'
    right = '# 시작 { #top }\n\n<figure class="b"><b>가</b></figure>\n\n[가기](a.md){ .button }'
    assert not starts(html_differs, pair("en>ko", original, right, Kind.PAGE))
    for old, new, found in (
        ("<b>가</b>", "가", [right.replace("<b>가</b>", "가")[:8]] * 2),
        ("#top", "#시작", ["{ #시작 }\n"]),
        ("{ .button }", "", [right[:8]]),
        ("가기", "<i>가기", ["<i>가기](a"]),
    ):
        wrong = pair("en>ko", original, right.replace(old, new), Kind.PAGE)
        assert starts(html_differs, wrong) == found


def test_in_texts_html_is_a_problem_of_its_own() -> None:
    assert not starts(html_differs, pair("en>ko", "a <b>", "가"))


@pytest.mark.parametrize(
    ("text", "strong", "em", "stray"),
    [
        ("a **b** *c* __d__ _e_ ***f***", 3, 3, []),
        ("**굵게**를", 1, 0, []),
        ("**굵게(x)**를", 0, 0, ["**굵게(x)*", "**를"]),
        ("**굵게(x)** 를", 1, 0, []),
        ("**`코드`**를", 0, 0, ["**`코드`**", "**를"]),
        ("**[굵게](x)**를", 0, 0, ["**[굵게]", "**를"]),
        ("*굵게*(x)", 0, 1, []),
        ("snake_case_name, 2 * 3 * 4, \\*a\\*", 0, 0, []),
        ("`**a**` and [b](c_d_e) https://a.example/_b_", 0, 0, []),
        ("**a\n\nb**", 0, 0, ["**a", "**"]),
        ("* a\n* b", 0, 0, []),
        ("**bold *both***", 0, 0, None),
        ("山の天気は**1時間**で変わり", 1, 0, []),
        ("*a **b** c*", 1, 1, []),
        ("**a", 0, 0, ["**a"]),
    ],
)
def test_emphasis_is_counted_as_commonmark_does(
    text: str, strong: int, em: int, stray: list[str] | None
) -> None:
    found = emphasis(text)
    if stray is not None:
        assert (found.strong, found.em) == (strong, em)
        assert [Start(text[offset:]) for offset in found.stray] == stray


@pytest.mark.parametrize(
    ("languages", "original", "wording", "found"),
    [
        ("en>ko", "Set **all (n)** first.", "먼저 **모두(n)**를 설정하세요.", ["**모두(n)*"]),
        ("en>es", "Set **all** first.", "Configure todo antes.", ["Configur"]),
        ("de>fr", "Es **bremst**.", "Ça *freine*.", ["Ça *frei"]),
        ("ar>ja", "القطن *أبرد*.", "綿は裸より冷たい。", ["綿は裸より冷たい"]),
    ],
)
def test_lost_emphasis_is_found(
    languages: str, original: str, wording: str, found: list[str]
) -> None:
    assert starts(emphasis_differs, pair(languages, original, wording)) == found


def test_the_same_emphasis_elsewhere_is_right() -> None:
    assert not starts(emphasis_differs, pair("en>ko", "A **b** *c*.", "*다* **나**입니다."))
    assert not starts(emphasis_differs, pair("en>de", "Use a_b_c.", "Verwenden Sie a_b_c."))


@pytest.mark.parametrize(
    ("languages", "original", "wording", "found"),
    [
        ("en>ko", "Wait 30 seconds.", "60초 기다리세요.", ["60초 기다리"]),
        ("en>es", "Wait 30 seconds.", "Espere unos segundos.", ["Espere u"]),
        ("en>es", "Since 5.7 only.", "Solo desde la 5.6.", ["5.6."]),
        ("en>de", "Rate 0.6 of 1,000", "Rate 0,7 von 1.000", ["0,7 von "]),
        ("en>de", "10,000 tasks", "100.000 Tasks", ["100.000 "]),
        ("de>fr", "Nach 3 Minuten.", "Après 4 minutes.", ["4 minute"]),
        ("ar>ja", "كل 1000 متر", "100 m ごと", ["100 m ごと"]),
        ("en>ko", "Use it.", "37번 사용하세요.", ["37번 사용하"]),
        ("en>ko", "Of 64, 32 wait.", "64개가 기다립니다.", ["64개가 기다"]),
    ],
)
def test_other_numbers_than_the_original_s_are_found(
    languages: str, original: str, wording: str, found: list[str]
) -> None:
    assert starts(numbers_differ, pair(languages, original, wording)) == found


@pytest.mark.parametrize(
    ("languages", "original", "wording"),
    [
        ("en>es", "10,000 tasks in 1,234.5 s", "10 000 tareas en 1.234,5 s"),
        ("en>fr", "1,000,000 times", "1\u202f000\u202f000 fois"),
        ("en>de", "0.6 is 95%", "0,6 sind 95 %"),
        ("en>ko", "two of ten; twice", "열 개 중 2개, 2회"),
        ("en>ko", "an hour, half a day", "1시간, 12시간"),
        ("en>ko", "Run it 3 times.", "세 번 실행하세요."),
        ("en>ko", "3 of 20", "20개 중 3개"),
        ("en>ko", "10,000 and 2 million", "1만과 200만"),
        ("en>es", "At 9 PM", "A las 21:00"),
        ("en>es", "At 9:00", "A las 9"),
        ("en>es", "the 3rd of 5", "el 3.º de 5"),
        ("en>ar", "12 hours, 6.5 degrees", "١٢ ساعة و٦٫٥ درجات"),
        ("ar>ja", "**ساعة كاملة** لكل 300 متر", "300 mにつき**1時間**"),
        ("ar>pt-BR", "6.5 درجات", "6,5 graus"),
        ("en>ko", "Set `x=3` ([a](b3.md)).", "`x=4`를 설정하세요([a](b4.md))."),
        ("en>ko", "1. a\n2. b", "- 가\n- 나"),
        ("en>ko", "It takes 5 s. 5 s is short.", "5초 걸립니다. 5초는 짧고, 5초면 됩니다."),
        ("en>es", "fifty of a dozen", "50 de 12"),
    ],
)
def test_numbers_written_as_the_language_does_are_right(
    languages: str, original: str, wording: str
) -> None:
    assert not starts(numbers_differ, pair(languages, original, wording))


@pytest.mark.parametrize(
    ("languages", "original", "wording", "found"),
    [
        ("en>ko", "Retry tasks", "Retry tasks", ["Retry ta"]),
        ("en>ko", "Retry", "Retry", ["Retry"]),
        ("en>es", "Retry", "Retry", ["Retry"]),
        ("en>de", "Set `a` first.", "Set `a` first.", ["Set `a` "]),
        ("de>fr", "Nasse Bremsen", "Nasse Bremsen", ["Nasse Br"]),
        ("de>fr", "Bremsen", "Bremsen", ["Bremsen"]),
        (
            "en>es",
            "First of all.\n\nWait for the broker.",
            "Antes.\n\nWait for the broker.",
            ["Wait for"],
        ),
        ("en>ja", "- a b c\n- Wait for it.", "- あ\n- Wait for it.", ["Wait for"]),
    ],
)
def test_what_was_left_in_the_original_s_language_is_found(
    languages: str, original: str, wording: str, found: list[str]
) -> None:
    assert starts(unchanged, pair(languages, original, wording)) == found


@pytest.mark.parametrize(
    ("languages", "original", "wording"),
    [
        ("en>es", "RabbitMQ", "RabbitMQ"),
        ("en>ko", "`acks_late`: 5.7", "`acks_late`: 5.7"),
        ("en>es", "Use it", "Úselo"),
        ("en>en-GB", "Wait for the broker.", "Wait for the broker."),
        ("pt>pt-BR", "Leve água", "Leve água"),
        (
            "en>es",
            "A list:\n\n- JSON\n- RabbitMQ or Redis",
            "Una lista:\n\n- JSON\n- RabbitMQ or Redis",
        ),
        ("en>ko", "https://a.example/b", "https://a.example/b"),
        ("en>es", "A list:\n\n- Redis, Django, Flower", "Lista:\n\n- Redis, Django, Flower"),
    ],
)
def test_names_and_code_may_be_the_same(languages: str, original: str, wording: str) -> None:
    assert not starts(unchanged, pair(languages, original, wording))


def test_the_glossary_says_what_stays_as_it_is() -> None:
    same = pair("en>es", "Broker", "Broker", terms=(("broker", "broker"), ("task", "tarea")))
    assert not starts(unchanged, same)
    translated = pair("en>es", "Broker", "Broker", terms=(("broker", "intermediario"),))
    assert starts(unchanged, translated) == ["Broker"]
    other = pair("en>es", "Task broker", "Task broker", terms=(("broker", "broker"),))
    assert starts(unchanged, other) == ["Task bro"]


def test_one_word_of_the_interface_may_be_the_same_between_languages_of_one_script() -> None:
    assert not starts(unchanged, pair("en>de", "Status", "Status", Kind.INTERFACE))
    assert starts(unchanged, pair("en>ko", "Status", "Status", Kind.INTERFACE)) == ["Status"]
    assert starts(unchanged, pair("en>de", "Copy link", "Copy link", Kind.INTERFACE)) == [
        "Copy lin"
    ]


@pytest.mark.parametrize(
    ("original", "wording", "found"),
    [
        ("a\n\nb", "가 나", ["가 나"]),
        ("a", "가\n\n나", ["나"]),
        ("a:\n\n- b\n- c", "가:\n\n- 나 다", ["가:\n\n- 나 "]),
        ("a:\n\n- b\n- c", "가:\n- 나\n- 다", ["가:\n- 나\n-"]),
        ("a:\n\n- b", "가:\n\n- 나\n- 다", ["다"]),
        ("# a\n\nb", "가\n\n나", ["나", "가\n\n나"]),
        ("| a | b |\n| - | - |\n| c | d |", "| 가 | 나 |\n| - | - |", ["| 가 | 나 |"[:8]]),
    ],
)
def test_another_number_of_blocks_is_found(original: str, wording: str, found: list[str]) -> None:
    assert starts(element_count, pair("en>ko", original, wording)) == found


@pytest.mark.parametrize(
    ("original", "wording"),
    [
        ("a\nb\n\nc", "가\n\n나\n다"),
        ("a:\n\n- b\n  c\n- d", "가:\n\n- 나\n- 다\n  라"),
        ("a:\n\n1. b\n2. c", "가:\n\n1. 나\n2. 다"),
        ("a\n\n```py\n- x\n\ny\n```\n\nb", "가\n\n```py\n- x\n\ny\n```\n\n나"),
        ("> a\n> b", "> 가"),
        ("---\ntitle: a\n---\n\n# b", "---\ntitle: 가\n---\n\n# 나"),
        ("<div>\n\na\n\n</div>", "<div>\n\n가\n\n</div>"),
    ],
)
def test_lines_may_break_elsewhere(original: str, wording: str) -> None:
    assert not starts(element_count, pair("en>ko", original, wording))


def test_blocks_know_where_they_stand() -> None:
    text = "---\ntitle: t\n---\n# h { #x }\n\np\nq\n\n- `e`\n  f\n\n```\n- c\n```\n> z"
    found = [(block.kind, text[block.start : block.end]) for block in blocks(text)]
    assert found == [
        ("property", "title: t"),
        ("heading", "h { #x }"),
        ("paragraph", "p\nq"),
        ("entry", "`e`\n  f"),
        ("paragraph", "z"),
    ]


def test_plain_text_keeps_every_offset() -> None:
    text = "a `b` [c](d) <e> \\* {n} https://f.example.\n\n```\ng\n```\n"
    assert len(elements(text).plain) == len(text)
    assert elements(text).plain.count("\n") == text.count("\n")


LONG = "Every retry is a new message, and the broker keeps it until a worker takes it again."
LONG_KO = "재시도는 모두 새 메시지이고, 브로커는 워커가 다시 가져갈 때까지 그것을 보관합니다."
LONG_ES = "Cada reintento es un mensaje nuevo, y el broker lo guarda hasta que un worker lo toma."


@pytest.mark.parametrize(
    ("languages", "wording", "found"),
    [
        ("en>ko", "새 메시지입니다.", ["too-short-for-original"]),
        ("en>es", "Es un mensaje nuevo.", ["too-short-for-original"]),
        ("en>ko", LONG_KO * 3, ["too-long-for-original"]),
        ("en>es", LONG_ES * 3, ["too-long-for-original"]),
        ("en>ko", LONG_KO, []),
        ("en>es", LONG_ES, []),
        ("en>de", "Jede Wiederholung ist eine neue Nachricht, die der Broker aufbewahrt.", []),
    ],
)
def test_a_length_far_from_the_expected_is_found(
    languages: str, wording: str, found: list[str]
) -> None:
    each = pair(languages, LONG, wording)
    assert at(length, each) == [(code, wording) for code in found]


def test_a_short_text_has_any_length() -> None:
    assert not at(length, pair("en>ko", "Retry what fails", "네"))
    assert not at(length, pair("en>ko", LONG, "네", Kind.PAGE))


def test_code_does_not_count_as_length() -> None:
    code = f"`{'x' * 300}`"
    assert not at(length, pair("en>ko", f"Set {code}", f"{code} 설정을 바꾼 다음 다시 시작하세요"))
    found = at(length, pair("en>ko", f"{LONG} {code}", f"새 메시지입니다. {code}"))
    assert [name for name, _ in found] == ["too-short-for-original"]


@pytest.mark.parametrize(
    ("kind", "language"), [(Kind.TEXT, "ar"), (Kind.INTERFACE, "en"), (Kind.PAGE, "ar")]
)
def test_the_language_of_the_original_is_known(kind: Kind, language: str) -> None:
    assert source_language(pair("ar>ja", "ا", "あ", kind).message) == language


@cache
def real_projects() -> tuple[Project, ...]:
    """The three projects in the tree."""
    found = (settings_of(folder / "mkdocs.yml") for folder in (ROOT, SMALL, FOREIGN))
    projects = (examine(each)[0] for each in found if each)
    return tuple(project for project in projects if project)


@cache
def real_pairs() -> tuple[Pair, ...]:
    """Every wording of these projects beside its original."""
    return tuple(
        Pair(message.original[_form_of(message, number)], phrase, message, project.glossaries[id])
        for project in real_projects()
        for id in (language.id for language in project.checklist.languages)
        for message in project.messages(id)
        for number, phrase in enumerate(message.wording)
    )


def _form_of(message: Message, number: int) -> int:
    return 0 if number == 0 and len(message.wording) > 1 else -1


CODES = frozenset(
    [
        "code-differs",
        "url-differs",
        "html-differs",
        "emphasis-differs",
        "numbers-differ",
        "unchanged",
        "element-count",
        "too-short-for-original",
        "too-long-for-original",
        "outer-space",
        "double-space",
        "look-alike",
        "not-nfc",
        "end-punctuation",
        "unpaired",
        "doubled-word",
    ],
)


def test_our_own_content_gives_no_alarm() -> None:
    alarms = [
        str(problem)
        for project in real_projects()
        for id, review in project.reviews.items()
        for problem in check_wordings(project.messages(id), project.glossaries[id], review)
        if problem.code in CODES
    ]
    assert len(real_pairs()) > 2000
    assert not alarms


Mutation = Callable[[Pair, random.Random], str | None]


def swapped(pattern: str, change: Callable[[str], str]) -> Mutation:
    """Change one match in what is read of a wording."""

    def mutate(each: Pair, chance: random.Random) -> str | None:
        found = list(re.finditer(pattern, elements(each.wording).plain))
        if not found:
            return None
        match = chance.choice(found)
        text = each.wording
        return text[: match.start()] + change(match[0]) + text[match.end() :]

    return mutate


def in_source(pattern: str, change: str) -> Mutation:
    """Change one match in a wording as it is written."""

    def mutate(each: Pair, chance: random.Random) -> str | None:
        found = list(re.finditer(pattern, each.wording))
        if not found:
            return None
        match = chance.choice(found)
        return each.wording[: match.start()] + match.expand(change) + each.wording[match.end() :]

    return mutate


def without_a_block(each: Pair, chance: random.Random) -> str | None:
    parts = each.wording.split("\n\n")
    parts.pop(chance.randrange(len(parts)))
    return "\n\n".join(parts) or None


def cut_short(each: Pair, _: random.Random) -> str | None:
    is_long = each.message.kind is Kind.TEXT and len(each.original) > 90
    return each.wording[: len(each.wording) // 3] if is_long else None


def detection(
    rule: Rule, mutate: Mutation, pairs: tuple[Pair, ...], count: int = 300
) -> tuple[float, int]:
    """Share of mutated wordings in which a rule finds a fault, and how many there were."""
    chance = random.Random(6)  # noqa: S311
    found = tried = 0
    for each in chance.sample(pairs, len(pairs)):
        text = mutate(each, chance)
        if text is not None and text != each.wording and tried < count:
            tried += 1
            found += bool(list(rule(replace(each, phrase=replace(each.phrase, text=text)))))
    return found / tried, tried


@pytest.mark.parametrize(
    ("rule", "mutate", "rate", "least"),
    [
        # A page may name less often what it names elsewhere.
        (code_differs, in_source(r"(?<!`)`[^`\n]+`", ""), 0.97, 300),
        (code_differs, in_source(r"(?<!`)`([^`\n]+)`", r"\1"), 0.97, 300),
        (url_differs, in_source(r"\]\((\S+?)\)", r"](\1x)"), 1, 12),
        (url_differs, in_source(r"\[([^\]\n]+)\]\([^\s)]+\)", r"\1"), 0.8, 12),
        (html_differs, in_source(r"</?\w+[^<>]*>", ""), 1, 2),
        (emphasis_differs, swapped(r"\*+(?=\S)", lambda marks: ""), 1, 12),
        (numbers_differ, swapped(r"\d+", lambda digits: str(int(digits) + 7)), 0.9, 240),
        # Small numbers can stand in words, so their loss alone is no fault.
        (numbers_differ, swapped(r"\d+", lambda digits: ""), 0.55, 240),
        (numbers_differ, swapped(r"(?<![\d.,])\d{2,}(?![\d.,])", lambda digits: ""), 0.7, 100),
        (unchanged, lambda each, _: each.original, 0.85, 300),
        (element_count, without_a_block, 0.99, 120),
        (length, cut_short, 0.95, 200),
    ],
)
def test_mutations_of_our_own_content_are_found(
    rule: Rule, mutate: Mutation, rate: float, least: int
) -> None:
    share, tried = detection(rule, mutate, real_pairs())
    assert tried >= least
    assert share >= rate


@pytest.mark.parametrize(
    "seed",
    [
        *("*", "**a* ", "_a", "(", "[", "`", "`a ``b ", "<", "<!--", "{=", "](", "](((a", "“", "|"),
        *("1 111 ", "1", "\n- ", "\\", " ", "```\n", "https://a ", "[a](b) ", "аa", "[x]: a\n"),
    ],
)
def test_no_text_takes_the_rules_long(seed: str) -> None:
    text = seed * (20_000 // len(seed))
    for kind in Kind:
        for original, wording in ((text, f"{text}x"), ("Hello you.", text), (text, "Hallo.")):
            hostile = pair("en>de", original, wording, kind)
            for rule in (*RULES, *TYPOGRAPHY):
                start = time.process_time()
                assert len(list(rule(hostile))) >= 0
                assert time.process_time() - start < 2


MARKS = "`*_[](){}<>|#-+.:;,!?\"'“”‘’«»\\ \n\t\u00a00123 a b 가 あ é а \u3164 \u0301"
TEXTS = st.text(st.sampled_from(MARKS), max_size=60) | st.text(max_size=40)


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS, st.sampled_from(Kind), st.sampled_from(("en>ko", "ar>ja", "de>fr", "en>el")))
def test_any_text_gives_faults_within_it(
    original: str, wording: str, kind: Kind, languages: str
) -> None:
    for rule in (*RULES, *TYPOGRAPHY):
        for fault in rule(pair(languages, original, wording, kind)):
            assert 0 <= fault.offset <= len(wording)
            assert fault.message


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_a_text_is_at_one_with_itself(text: str) -> None:
    for rule in RULES:
        same = pair("en>en-GB", text, text)
        assert not list(rule(same))


def test_the_rules_are_quick() -> None:
    for value in vars(elements_module).values():
        if hasattr(value, "cache_clear"):
            value.cache_clear()
    start = time.process_time()
    faults: list[Fault] = []
    for each in real_pairs():
        for rule in RULES:
            faults += rule(each)
    assert time.process_time() - start < 2

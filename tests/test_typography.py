"""Is a wording set as its language sets text? Each rule is shown wrong and right pairs."""

from __future__ import annotations

import random

import pytest

from checklist.checks.elements import blocks
from checklist.checks.pairs import Pair, Rule
from checklist.checks.typography import (
    composed,
    double_space,
    doubled_word,
    end_punctuation,
    look_alike,
    outer_space,
    unpaired,
)
from checklist.messages import Kind
from tests.test_parity import Mutation, detection, pair, real_pairs, starts, swapped


@pytest.mark.parametrize(
    ("original", "wording", "found"),
    [
        ("Open", "Abrir ", [" "]),
        ("Open", " Abrir", [" Abrir"]),
        ("Open\n", "\tAbrir\n", ["\tAbrir\n"]),
        ("by ", "de", [""]),
        (" by ", " de ", []),
        ("Open", "Abrir", []),
    ],
)
def test_space_around_an_interface_string_is_that_of_the_original(
    original: str, wording: str, found: list[str]
) -> None:
    each = pair("en>es", original, wording, Kind.INTERFACE)
    assert [each.wording[fault.offset :] for fault in outer_space(each)] == found
    assert not list(outer_space(pair("en>es", original, wording, Kind.PAGE)))


@pytest.mark.parametrize(
    ("languages", "original", "wording", "found"),
    [
        ("en>es", "Set a.", "Configure  a.", [" a."]),
        ("en>ko", "Set `a` now.", "지금  `a`를 설정하세요.", [" `a`를"]),
        ("de>fr", "Womit?", "Avec quoi\u00a0 ?", [" ?"]),
        ("en>de", "Set\n- a\n\nb c", "Setze\n- a\n\nb\t c", [" c"]),
        ("ar>ja", "ا ب", "あ  い", [" い"]),
        ("en>es", "a b c", "a  b  c", [" b  c", " c"]),
    ],
)
def test_doubled_space_is_found(
    languages: str, original: str, wording: str, found: list[str]
) -> None:
    assert starts(double_space, pair(languages, original, wording)) == found


@pytest.mark.parametrize(
    ("original", "wording"),
    [
        ("Set `a  b`.", "Configure `a  b`."),
        ("a  \nb", "a  \nb"),
        ("- a\n    - b", "- a\n    - b"),
        ("One.  Two.", "Uno.  Dos."),
        ("| a | b |\n| - | - |", "| a   | b |\n| -   | - |"),
        ("a\n\n```\nx  y\n```", "a\n\n```\nx  y\n```"),
        ("-   a", "-   a"),
        ("a ? b", "a\u00a0? b"),
    ],
)
def test_spaces_that_mean_something_are_right(original: str, wording: str) -> None:
    for kind in (Kind.TEXT, Kind.PAGE):
        assert not starts(double_space, pair("en>es", original, wording, kind))


@pytest.mark.parametrize(
    ("languages", "wording", "found"),
    [
        ("en>es", "la t\u0430rea", ["\u0430rea"]),
        ("en>es", "\u0441ola", ["\u0441ola"]),
        ("en>ko", "C\u0435lery를 씁니다", ["\u0435lery"]),
        ("en>es", "lista \u0430 b", ["\u0430 b"]),
        ("en>de", "die \u039fption", ["\u039fption"]),
        ("en>de", "die Opti\u03bfn", ["\u03bfn"]),
        ("en>ru", "проце\u0063с и задача", ["\u0063с"]),
        ("en>bg", "дублиранит\u0065 данни", ["\u0065 данни"]),
        ("en>el", "εργασ\u006fυρα", ["\u006fυρα"]),
        ("en>ko", "큐\u3164를", ["\u3164를"]),
        ("en>ko", "\u115f큐", ["\u115f큐"]),
    ],
)
def test_letters_of_another_script_are_found(
    languages: str, wording: str, found: list[str]
) -> None:
    assert starts(look_alike, pair(languages, "x", wording)) == found


@pytest.mark.parametrize(
    ("languages", "original", "wording"),
    [
        ("en>ko", "Set Redis and acks.", "Redis를 설정하고 acks도 씁니다."),
        ("en>ru", "Open the PDFs.", "Открыть PDFа и API-ключ."),
        ("en>ru", "x", "сор а хор"),
        ("en>de", "5 µs, kΩ, Δt", "5 µs, kΩ, Δt"),
        ("en>es", "the λ of a π", "la λ de un π"),
        ("en>el", "Use Redis.", "Χρησιμοποιήστε το Redis."),
        ("en>ja", "Use A.", "Ａを使います。"),
        ("en>es", "`t\u0430rea`", "`t\u0430rea`"),
        ("en>es", "The name t\u0430sk is wrong.", "El nombre t\u0430sk está mal."),
        ("en>es", "Ω", "Ω"),
    ],
)
def test_scripts_that_belong_together_are_right(
    languages: str, original: str, wording: str
) -> None:
    assert not starts(look_alike, pair(languages, original, wording))


def test_what_cannot_be_seen_is_found_where_the_yaml_is_not_searched() -> None:
    for character in "\u200b\xad\ufeff\u202e\u2028":
        for kind in (Kind.INTERFACE, Kind.PAGE):
            each = pair("en>es", "Open", f"Ab{character}rir", kind)
            assert starts(look_alike, each) == [f"{character}rir"]
        assert not starts(look_alike, pair("en>es", "Open", f"Ab{character}rir"))
    assert not starts(look_alike, pair("en>fa", "You can", "می\u200cتوانید", Kind.INTERFACE))


def test_letters_are_composed_in_catalogs_and_pages() -> None:
    for wording, rest in (("la accio\u0301n", "o\u0301n"), ("\u110f\u1172를", "\u110f\u1172를")):
        for kind in (Kind.INTERFACE, Kind.PAGE):
            each = pair("en>es", "Open", wording, kind)
            assert starts(composed, each) == [wording[wording.index(rest) :]]
    assert not starts(composed, pair("en>es", "Open", "acción", Kind.PAGE))
    assert not starts(composed, pair("en>es", "Open", "accio\u0301n"))


@pytest.mark.parametrize(
    ("languages", "original", "wording", "found"),
    [
        ("en>es", "It waits.", "Espera", ["a"]),
        ("en>es", "Wait for it", "Espérelo.", ["."]),
        ("en>es", "Why wait?", "Por qué esperar.", ["."]),
        ("en>de", "Do this:", "Tun Sie das.", ["."]),
        ("de>fr", "Hier messen:\n\n- a b\n- c d", "Mesurez\n\n- a b\n- c d.", ["z\n", "."]),
        ("en>ko", "It waits here.", "여기서 기다립니다", ["다"]),
        ("en>ko", "Wait for it", "기다리세요.", ["."]),
        ("en>ko", "Why wait here?", "왜 기다리나요.", ["."]),
        ("en>ja", "It waits here.", "ここで待ちます", ["す"]),
        ("en>ja", "It waits here.", "ここで待ちます.", ["."]),
        ("en>zh", "It waits here.", "在这里等待", ["待"]),
        ("en>ar", "Why wait here?", "لماذا ننتظر?", ["?"]),
        ("ar>en", "لماذا ننتظر؟", "Why wait", ["t"]),
        ("en>hi", "It waits here.", "यहाँ प्रतीक्षा करता है.", ["."]),
        ("en>es", "Wait for it…", "Espere.", ["."]),
        ("en>es", "One (two).\n\nOr three.", "Uno (dos).\n\n**O tres**", ["s**"]),
        ("en>es", "See [here](a.md).", "Vea [aquí](a.md)", ["í](a"]),
        ("en>es", "Set `a` here.", "Configure aquí `a`", ["`"]),
    ],
)
def test_another_end_than_the_original_s_is_found(
    languages: str, original: str, wording: str, found: list[str]
) -> None:
    assert starts(end_punctuation, pair(languages, original, wording)) == found


@pytest.mark.parametrize(
    ("languages", "original", "wording", "kind"),
    [
        ("en>es", "It waits.", "Espera.", Kind.TEXT),
        ("en>es", "“Wait.”", "«Espere».", Kind.TEXT),
        ("en>ja", "It waits.", "待ちます。", Kind.TEXT),
        ("en>ja", "Read it twice:", "二度読みます。", Kind.TEXT),
        ("en>ja", "It is near.", "近い距離", Kind.TEXT),
        ("en>ja", "Do you wait?", "待ちますか。", Kind.TEXT),
        ("en>ja", "Lines:", "行：", Kind.TEXT),
        ("en>ko", "Do this first:", "먼저 이렇게 하세요.", Kind.TEXT),
        ("en>ko", "Another way to wait.", "다른 대기 방법", Kind.TEXT),
        ("en>ko", "Project deleted", "프로젝트를 삭제했습니다.", Kind.INTERFACE),
        ("en>ar", "Why wait here?", "لماذا ننتظر؟", Kind.TEXT),
        ("ar>en", "انتظر هنا.", "Wait here.", Kind.TEXT),
        ("en>el", "Why wait here?", "Γιατί περιμένετε εδώ;", Kind.TEXT),
        ("en>th", "It waits here.", "รอที่นี่", Kind.TEXT),
        ("en>es", "Wait for it...", "Espere…", Kind.TEXT),
        ("en>fr", "- one\n- two", "- un ;\n- deux ;", Kind.TEXT),
        ("en>es", "It ends at 6 p.m.", "Termina a las 18:00", Kind.TEXT),
        ("en>fr", "Aug.", "août", Kind.INTERFACE),
        ("en>es", "A.\n\nB", "A", Kind.TEXT),
        ("en>ko", "Set `a`", "`a`를 설정하세요", Kind.TEXT),
        ("en>es", "# a { #b }\n\nC.", "# a { #b }\n\nC.", Kind.PAGE),
        ("en>fr", "Why wait here?", "Pourquoi attendre\u00a0?", Kind.TEXT),
        ("en>es", "See [here](a.md).", "Vea [aquí](a.md).", Kind.TEXT),
    ],
)
def test_the_end_that_a_language_writes_is_right(
    languages: str, original: str, wording: str, kind: Kind
) -> None:
    assert not starts(end_punctuation, pair(languages, original, wording, kind))


@pytest.mark.parametrize(
    ("languages", "wording", "found"),
    [
        ("en>es", "Uno (dos.", ["(dos."]),
        ("en>es", "Uno dos).", [")."]),
        ("en>es", "Uno (dos].", ["(dos].", "]."]),
        ("en>es", "Uno (dos.\n\nTres).", ["(dos.", ")."]),
        ("en>es", "El «uno.", ["«uno."]),
        ("en>es", "El uno».", ["»."]),
        ("en>es", 'El "uno.', ['"uno.']),
        ("en>de", "Das „eine.", ["„eine."]),
        ("en>ko", "‘태스크를 씁니다.", ["‘태스크"]),
        ("en>ko", "“태스크’를 씁니다.", ["“태스크"]),
        ("ar>ja", "「三枚重ねる", ["「三枚"]),
        ("en>ja", "地図（例を見る。", ["（例"]),
        ("ar>pt-BR", "não uma “grossa", ["“grossa"]),
    ],
)
def test_what_does_not_close_or_open_is_found(
    languages: str, wording: str, found: list[str]
) -> None:
    assert starts(unpaired, pair(languages, "x", wording)) == found


@pytest.mark.parametrize(
    ("languages", "original", "wording"),
    [
        ("en>es", "x", "Uno (dos [tres]) «cuatro “cinco”»."),
        ("en>de", "x", "„eins ‚zwei‘“ und »drei«."),
        ("en>fr", "x", "« l’un » et l’autre, aujourd’hui"),
        ("en>fr", "x", "“l’un”"),
        ("en>en-GB", "x", "the workers’ tasks, don’t"),
        ("en>ko", "x", "‘태스크’를 “워커”가 씁니다(예: `(`)."),
        ("en>ar", "x", "”س“ و«ص»"),
        ("en>sv", "x", "”en” och ”två”"),
        ("en>pl", "x", "„jeden”"),
        ("en>ja", "x", "「あ『い』」（う）【え】"),
        ("en>es", "x", "Uno: 1) dos, 2) tres, a) cuatro :) ;-("),
        ("en>es", "x", '15" y [a](b_(c))'),
        ("en>es", "from [0, 1)", "de [0, 1)"),
        ("en>es", "x", "a \\( b"),
        ("en>es", "x", "1) uno\n2) dos"),
        ("en>es", "x", "Uno (vea 1) dos."),
    ],
)
def test_pairs_and_signs_that_are_none_are_right(
    languages: str, original: str, wording: str
) -> None:
    assert not starts(unpaired, pair(languages, original, wording))


@pytest.mark.parametrize(
    ("languages", "wording", "found"),
    [
        ("en>es", "Espere a a que llegue", ["a que"]),
        ("en>es", "la la tarea", ["la tarea"]),
        ("en>es", "La la tarea", ["la tarea"]),
        ("en>es", "de\nde Celery", ["de Celery"]),
        ("en>ko", "Redis Redis를 씁니다", []),
        ("en>ko", "Redis Redis 씁니다", ["Redis 씁"]),
        ("de>fr", "les les freins", ["les freins"]),
        ("en>de", "mit mit Redis", ["mit Redis"]),
        ("en>ru", "и и задача", ["и задача"]),
        ("ar>en", "the the pack", ["the pack"]),
    ],
)
def test_doubled_words_are_found(languages: str, wording: str, found: list[str]) -> None:
    assert starts(doubled_word, pair(languages, "x", wording)) == found


@pytest.mark.parametrize(
    ("languages", "original", "wording"),
    [
        ("en>ko", "one by one", "하나 하나 차례로"),
        ("en>de", "x", "die Daten, die die Aufgaben teilen"),
        ("en>fr", "x", "nous nous trompons, vous vous trompez"),
        ("en>tr", "x", "yavaş yavaş"),
        ("en>vi", "x", "luôn luôn"),
        ("en>es", "x", "no, no; sí. Sí"),
        ("en>es", "x", "`a` a `a`"),
        ("en>es", "x", "paso a paso-paso"),
        ("en>es", "Duran Duran", "Duran Duran"),
        ("en>es", "x", "- la\n- la\n\nla"),
        ("en>es", "x", "5 5 veces"),
        ("en>it", "x", "via via"),
    ],
)
def test_words_that_are_rightly_doubled(languages: str, original: str, wording: str) -> None:
    assert not starts(doubled_word, pair(languages, original, wording))


def test_only_what_the_original_has_alone_may_be_alone() -> None:
    assert starts(unpaired, pair("en>es", "a ) b", "a ) b ) c")) == [") c"]


def without_an_end(each: Pair, chance: random.Random) -> str | None:
    """The wording without the full stop of one of its sentences at a block's end."""
    text = each.wording
    ends = [block.end for block in blocks(text) if text[block.end - 1] in ".。"]
    if not ends:
        return None
    end = chance.choice(ends)
    return text[: end - 1] + text[end:]


PASSING = dict(zip("aeocpx", "\u0430\u0435\u043e\u0441\u0440\u0445", strict=True))
WORD = r"(?<![\w'’-])[^\W\d_가-힣ぁ-んァ-ン一-龠\u0600-\u06ff]{2,}(?![\w'’-])"


@pytest.mark.parametrize(
    ("rule", "mutate", "rate"),
    [
        (double_space, swapped(r"(?<=\w) (?=\w)", lambda space: "  "), 1),
        (double_space, swapped(r"(?<=\w) (?=\w)", lambda space: "\u00a0 "), 1),
        (look_alike, swapped(r"(?<=[a-z])[aeocpx](?=[a-z])", PASSING.__getitem__), 1),
        (look_alike, swapped(r"(?<=\w)(?=\w)", lambda nothing: "\u3164"), 1),
        (end_punctuation, without_an_end, 0.97),
        (unpaired, swapped(r"[()（）]", lambda bracket: ""), 1),
        (doubled_word, swapped(WORD, lambda word: f"{word} {word}"), 0.97),
    ],
)
def test_mutations_of_our_own_content_are_found(rule: Rule, mutate: Mutation, rate: float) -> None:
    share, tried = detection(rule, mutate, real_pairs())
    assert tried >= 180
    assert share >= rate


def test_space_around_our_own_interface_strings_is_found() -> None:
    strings = tuple(each for each in real_pairs() if each.message.kind is Kind.INTERFACE)
    assert detection(outer_space, lambda each, _: f"{each.wording} ", strings) == (1, 300)

"""What changed between two versions of a text is said word by word."""

from __future__ import annotations

from html import unescape
from re import sub
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.differences import Change, Fate, as_html, as_text, words
from checklist.wording import fold

PAIRS = [
    ("Set a limit.", "Set a limit.", "Set a limit."),
    ("Set a limit.", "Set a time limit.", "Set a{+ time+} limit."),
    ("Retry 3 times.", "Retry 5 times.", "Retry [-3-]{+5+} times."),
    ("Stop it.", "Stop it!", "Stop it[-.-]{+!+}"),
    ("a b c d", "a x y d", "a [-b c-]{+x y+} d"),
    ("", "New.", "{+New.+}"),
    ("Gone.", "", "[-Gone.-]"),
    ("Use `acks_late` now", "Use `acks_early` now", "Use `[-acks_late-]{+acks_early+}` now"),
    ("첫 번째 큐를 쓰세요", "첫 번째 큐만 쓰세요", "첫 번째 [-큐를-]{+큐만+} 쓰세요"),
    ("雨の日は出ない", "雪の日は出ない", "[-雨-]{+雪+}の日は出ない"),
    ("لا تذهب وحدك", "لا تذهب ليلا", "لا تذهب [-وحدك-]{+ليلا+}"),
    ("कितना पानी", "कितनी पानी", "[-कितना-]{+कितनी+} पानी"),
    ("One.\n\nTwo.", "One.\n\nThree.", "One.\n\n[-Two-]{+Three+}."),
]


@pytest.mark.parametrize(("earlier", "later", "said"), PAIRS)
def test_a_change_is_shown_on_the_words_it_touches(earlier: str, later: str, said: str) -> None:
    assert as_text(words(earlier, later)) == said


def test_line_breaks_in_a_paragraph_are_no_change() -> None:
    assert words("one\ntwo", "one two") == [Change(Fate.KEPT, "one two")]


def test_changes_in_two_paragraphs_stay_two() -> None:
    text = as_text(words("one\n\ntwo", "uno\n\ndos"))
    assert text == "[-one-]{+uno+}\n\n[-two-]{+dos+}"


def test_a_word_of_one_paragraph_is_not_looked_for_in_another() -> None:
    text = as_text(words("one two red\n\nthree four", "three four red\n\none two five"))
    assert text == "[-one two-]{+three four+} red\n\n[-three four-]{+one two five+}"


def test_a_terminal_gets_colours_only_if_it_understands_them() -> None:
    changes = words("red", "green")
    assert "\x1b" not in as_text(changes)
    coloured = as_text(changes, colour=True)
    assert coloured == "\x1b[31m[-red-]\x1b[0m\x1b[32m{+green+}\x1b[0m"


def test_html_has_elements_for_what_went_and_came_and_nothing_that_is_markup() -> None:
    html = as_html(words("**a** <b> [c](d)\n\n# e", "**a** <i> [c](d)\n\n# e"))
    assert "<del>b</del><ins>i</ins>" in html
    assert not set("*[]()#\n") & set(sub(r"&#\d+;|</?(?:del|ins)>", "", html))
    assert unescape(sub(r"<del>.*?</del>|</?ins>", "", html)) == "**a** <i> [c](d)\n\n# e"


texts = st.text(st.sampled_from("ab é가日ع.`*\n<&-"), max_size=40)


@given(texts, texts)
def test_the_pieces_make_up_both_texts(earlier: str, later: str) -> None:
    changes = words(earlier, later)
    assert all(change.text for change in changes)
    old = "".join(change.text for change in changes if change.fate is not Fate.NEW)
    new = "".join(change.text for change in changes if change.fate is not Fate.GONE)
    assert (old, new) == (fold(earlier), fold(later))


@given(texts)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(change.fate is Fate.KEPT for change in words(text, text))


def test_a_long_page_takes_no_time_to_speak_of() -> None:
    lines = [" ".join(f"word{number * 7 % 300}" for number in range(n, n + 20)) for n in range(300)]
    earlier = "\n\n".join(lines)
    later = earlier.replace("word7 ", "another ").replace("word200 ", "")
    begin = process_time()
    assert len(words(earlier, later)) > 20
    assert process_time() - begin < 2

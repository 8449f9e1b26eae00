"""Translations use the words of the glossary, in all their forms."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from checklist import examine
from checklist.checks import terms
from checklist.checks.pairs import Fault, Pair
from checklist.checks.words import original_pattern, running_text, word_pattern
from checklist.glossary import Glossary, Term, load_glossary
from checklist.messages import Kind, Message
from checklist.model import Phrase
from checklist.problems import Place
from checklist.project import settings_of
from tests.conftest import ROOT


def term(
    source: str,
    use: str,
    avoid: str = "",
    forms: str = "",
    reading: str = "",
    *,
    loose: bool = False,
) -> Term:
    split = [tuple(filter(None, words.split(", "))) for words in (forms, avoid)]
    return Term(source, use, split[0], split[1], "", reading, Place("glossary.yaml"), loose)


GLOSSARIES = {
    "ko": (
        term("queue", "큐", "대기열"),
        term("quorum queue", "쿼럼 큐", "정족수 큐"),
        term("worker", "워커", "작업자"),
        term("kill", "강제 종료", "죽이다"),
        term("acknowledgement", "확인 응답", "승인"),
        term("enqueue", "큐에 넣다"),
        term("idempotent", "멱등하다", "멱등적", "멱등"),
        term("hard time limit", "하드 시간 제한"),
        term("dead letter queue", "데드 레터 큐(DLQ)"),
        term("chord", "chord", "코드(chord)"),
        term("late", "late", reading="레이트"),
        term("Redis", "Redis", "레디스", reading="레디스"),
    ),
    "es": (
        term("queue", "cola", "fila, lista de espera"),
        term("row", "fila"),
        term(
            "acknowledge",
            "confirmar el mensaje",
            "reconocer el mensaje, acusar recibo",
            "confirmar",
        ),
        term("deploy", "desplegar", "implementar", "despliegue"),
        term("enqueue", "encolar", "enqueuear"),
        term("transaction", "transacción", "transación"),
        term("back-off", "espera creciente", "retroceso"),
        term("dead letter", "mensaje fallido", "mensajes muertos"),
        term("serialiser", "serializador", "serializer"),
        term("hard limit", "límite estricto", "límite duro"),
        term("raise", "lanzar", "levantar", loose=True),
        term("retry", "reintento", "", "reintentar"),
    ),
    "ja": (term("queue", "キュー", "待ち行列"),),
    "de": (term("queue", "Warteschlange", "Queue"), term("task", "Aufgabe", "Job")),
}


def pair(language: str, original: str, wording: str) -> Pair:
    phrase = Phrase(wording, language, Place("checklist.yaml"))
    message = Message("items/x/why", Kind.TEXT, (original,), (phrase,), Place("a"), Place("a"))
    return Pair(original, phrase, message, Glossary(language, GLOSSARIES[language]))


def faults(language: str, original: str, wording: str) -> list[Fault]:
    return [fault for rule in terms.RULES for fault in rule(pair(language, original, wording))]


@pytest.mark.parametrize(
    ("language", "wording", "found", "use"),
    [
        ("ko", "메시지를 대기열에 둡니다.", "대기열", "큐"),
        ("ko", "작업자가 멈춥니다.", "작업자", "워커"),
        ("ko", "작업자들에게서", "작업자", "워커"),
        ("ko", "메시지를 승인합니다.", "승인", "확인 응답"),
        ("ko", "승인된 메시지", "승인", "확인 응답"),
        ("ko", "프로세스를 죽입니다.", "죽입", "강제 종료"),
        ("ko", "프로세스를 죽여도", "죽여", "강제 종료"),
        ("ko", "정족수\n큐를 씁니다.", "정족수", "쿼럼 큐"),
        ("ko", "멱등적으로 만드세요.", "멱등적", "멱등하다"),
        ("ko", "코드(chord)를", "코드", "chord"),
        ("ko", "레디스를 씁니다.", "레디스", "Redis"),
        ("es", "Las filas se llenan.", "filas", "cola"),
        ("es", "Filas llenas.", "Filas", "cola"),
        ("es", "Reconozca el mensaje.", "Reconozca", "confirmar el mensaje"),
        ("es", "Implemente los workers.", "Implemente", "desplegar"),
        ("es", "una vez implementadas", "implementadas", "desplegar"),
        ("es", "Hay que enqueuearla.", "enqueuearla", "encolar"),
        ("es", "la transación", "transación", "transacción"),
        ("es", "los retrocesos", "retrocesos", "espera creciente"),
        ("es", "un mensaje muerto y mensajes\nmuertos", "mensajes", "mensaje fallido"),
        ("es", "los límites duros", "límites", "límite estricto"),
        ("es", "los serializers", "serializers", "serializador"),
        ("ja", "待ち行列に入れます。", "待ち行列", "キュー"),
        ("de", "Die Queue ist voll.", "Queue", "Warteschlange"),
    ],
)
def test_a_word_to_avoid_is_found_in_its_forms(
    language: str, wording: str, found: str, use: str
) -> None:
    (fault,) = (f for f in faults(language, "", wording) if f.code == "glossary-avoid")
    assert fault.offset == wording.index(found)
    assert fault.message.endswith(f"write '{use}'")


def test_what_is_right_for_another_term_of_the_original_is_not_avoided() -> None:
    assert [f.code for f in faults("es", "A queue", "la cola o fila")] == ["glossary-avoid"]
    assert faults("es", "A queue with a row", "la cola con una fila") == []
    # Not if only a part of it is.
    found = faults("ko", "A quorum queue and a queue", "쿼럼 큐 또는 정족수 큐")
    assert [f.code for f in found] == ["glossary-avoid"]


@pytest.mark.parametrize(
    ("language", "original", "wording"),
    [
        ("ko", "", "메시지 큐를 `대기열`이라고 하지 않습니다."),
        ("ko", "", "재승인 절차와 승인자, 공동작업자"),
        ("ko", "", "올바른 코드를 쓰세요."),
        ("es", "A row of the table.", "Una fila de la tabla."),
        ("es", "", "La confirmación, la colina, el filamento."),
        ("es", "", "El serializador serializa; se reconoce un error."),
        ("es", "", "Vea https://example.org/fila y [esto](fila.md)."),
        ("de", "", "Die QueueConfig und `Queue`."),
    ],
)
def test_other_words_and_code_are_not_avoided(language: str, original: str, wording: str) -> None:
    assert [f for f in faults(language, original, wording) if f.code == "glossary-avoid"] == []


@pytest.mark.parametrize(
    ("language", "original", "wording", "source"),
    [
        ("ko", "The queue is full.", "목록이 가득 찼습니다.", "queue"),
        ("ko", "Queues are full.", "목록이 가득 찼습니다.", "queue"),
        ("ko", "Use quorum queues.", "복제되는 큐를 쓰세요.", "quorum queue"),
        ("ko", "The worker was killed.", "워커가 멈췄습니다.", "kill"),
        ("ko", "Killing a worker", "워커를 멈춤", "kill"),
        ("ko", "Enqueued tasks", "큐의 태스크", "enqueue"),
        ("es", "It is acknowledged.", "Se acepta.", "acknowledge"),
        ("es", "Deployed twice", "Puesto dos veces", "deploy"),
        ("es", "The backoff grows.", "El tiempo crece.", "back-off"),
        ("es", "The back off grows.", "El tiempo crece.", "back-off"),
        ("es", "Serializers differ.", "Los formatos difieren.", "serialiser"),
        ("es", "Retries and retried", "Otra vez", "retry"),
        ("ja", "The queue", "列", "queue"),
        ("de", "Two tasks", "Zwei Dinge", "task"),
    ],
)
def test_a_term_of_the_original_has_its_word(
    language: str, original: str, wording: str, source: str
) -> None:
    found = [f for f in faults(language, original, wording) if f.code == "glossary-term"]
    assert [f.offset for f in found] == [0]
    assert f"'{source}'" in found[0].message


@pytest.mark.parametrize(
    ("language", "original", "wording"),
    [
        ("ko", "Queues", "큐를"),
        ("ko", "A quorum queue", "쿼럼 큐로"),
        ("ko", "Enqueue it", "큐에 넣으세요"),
        ("ko", "Enqueued tasks", "큐에 넣은 태스크"),
        ("ko", "idempotent tasks", "멱등한 태스크"),
        ("ko", "idempotent tasks", "멱등합니다"),
        ("ko", "the hard time limit", "하드(hard) 시간 제한은"),
        ("ko", "a dead letter queue", "데드 레터 큐로"),
        ("ko", "too late", "너무 늦게"),
        ("ko", "`queue` and {queue}", "`queue`와 {queue}"),
        ("es", "Queues", "las colas"),
        ("es", "acknowledged", "una vez confirmado"),
        ("es", "acknowledges it", "Confírmelo"),
        ("es", "Enqueue them", "Encólelas"),
        ("es", "enqueued tasks", "tareas encoladas"),
        ("es", "transactions", "las transacciones"),
        ("es", "hard limits", "límites\nestrictos"),
        ("es", "It raises an error.", "Da un error."),
        ("es", "Retry it", "Reintente la tarea"),
        ("es", "no term at all", "ningún término"),
        ("ja", "the queue", "キューに入れます"),
        ("de", "queues", "Warteschlangen"),
    ],
)
def test_every_form_of_the_word_will_do(language: str, original: str, wording: str) -> None:
    assert [f for f in faults(language, original, wording) if f.code == "glossary-term"] == []


def test_the_longest_term_wins() -> None:
    found = faults("ko", "A quorum queue", "복제되는 목록")
    assert [f.message for f in found] == ["the original has 'quorum queue'; write '쿼럼 큐' for it"]
    assert len(faults("ko", "A quorum queue and a queue", "복제되는 목록")) == 2


def test_a_loose_term_is_still_avoided(tmp_path: Path) -> None:
    folder = tmp_path / "es"
    folder.mkdir()
    (folder / "glossary.yaml").write_text(
        "- {en: raise, use: lanzar, loose: true, avoid: [levantar]}\n- {en: row, use: fila}\n"
    )
    glossary, problems = load_glossary(tmp_path, "es")
    assert problems == []
    assert [each.loose for each in glossary.terms] == [True, False]
    raised = replace(pair("es", "It raises.", "Levanta un error."), glossary=glossary)
    assert [f.code for rule in terms.RULES for f in rule(raised)] == ["glossary-avoid"]


# On our own content.


@cache
def content(language: str) -> tuple[Pair, ...]:
    settings = settings_of(ROOT / "mkdocs.yml")
    assert settings is not None
    project, _ = examine(settings)
    assert project is not None
    pairs = []
    for message in project.messages(language):
        for number, phrase in enumerate(message.wording):
            original = message.original[0 if number == 0 else -1]
            pairs.append(Pair(original, phrase, message, project.glossaries[language]))
    return tuple(pairs)


@pytest.mark.parametrize("language", ["ko", "es"])
def test_our_own_translations_keep_to_their_glossary(language: str) -> None:
    assert len(content(language)) > 500
    found = [
        f"{each.message.id}: {fault.message}"
        for each in content(language)
        for rule in terms.RULES
        for fault in rule(each)
    ]
    assert found == []


def uses(language: str) -> Iterator[tuple[Pair, Term, re.Match[str]]]:
    """Places of our content where the word of a term stands by itself."""
    for each in content(language):
        text = running_text(each.wording)
        for term in each.glossary.terms:
            if term.avoid:
                use = re.sub(r"\s*\([^()]*\)$", "", term.use)
                for match in re.finditer(rf"(?<!\w){re.escape(use)}(?![^\W가-힣])", text):
                    yield each, term, match


@pytest.mark.parametrize("language", ["ko", "es"])
def test_avoided_words_put_into_our_own_translations_are_found(language: str) -> None:
    chance = random.Random(6)  # noqa: S311
    sample = chance.sample(list(uses(language)), 200)
    found = 0
    for each, term, match in sample:
        word = chance.choice(term.avoid)
        text = each.wording[: match.start()] + word + each.wording[match.end() :]
        mutant = replace(each, phrase=replace(each.phrase, text=text))
        offsets = [f.offset for f in terms.avoided(mutant) if f.code == "glossary-avoid"]
        found += match.start() in offsets
    assert found >= 0.95 * len(sample)


@pytest.mark.parametrize("language", ["ko", "es"])
def test_terms_taken_out_of_our_own_translations_are_missed(language: str) -> None:
    tried = found = 0
    for each in content(language)[::3]:
        original = running_text(each.original).lower()
        for term in each.glossary.terms:
            if term.loose or (term.reading and not term.avoid):
                continue
            use = re.sub(r"\s*\([^()]*\)$", "", term.use)
            pattern = "|".join(word_pattern(word.lower(), language) for word in (use, *term.forms))
            if re.search(rf"(?<!\w){original_pattern(term.source.lower())}(?!\w)", original):
                text = re.sub(pattern, "…", each.wording, flags=re.IGNORECASE)
                mutant = replace(each, phrase=replace(each.phrase, text=text))
                tried += 1
                found += any(f"'{term.source}'" in f.message for f in terms.missing(mutant))
    assert tried > 200
    # Not all: a part of a longer term is not asked for by itself.
    assert found >= 0.9 * tried

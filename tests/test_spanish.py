"""Spanish that says usted, opens its questions and keeps what grammar decides."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from functools import cache

import pytest

from checklist import examine
from checklist.checks import spanish
from checklist.checks.pairs import Fault, Pair
from checklist.checks.words import running_text
from checklist.glossary import Glossary
from checklist.messages import Kind, Message
from checklist.model import Phrase
from checklist.problems import Place
from checklist.project import settings_of
from tests.conftest import ROOT


def pair(wording: str, original: str = "", id: str = "items/x/why") -> Pair:
    phrase = Phrase(wording, "es", Place("checklist.yaml"))
    message = Message(id, Kind.TEXT, (original,), (phrase,), Place("a"), Place("a"))
    return Pair(original, phrase, message, Glossary("es", ()))


def faults(wording: str, original: str = "", id: str = "items/x/why") -> list[Fault]:
    return [fault for rule in spanish.RULES for fault in rule(pair(wording, original, id))]


@pytest.mark.parametrize(
    ("wording", "word"),
    [
        ("Las tareas fallan si tú no reintentas.", "tú"),
        ("Si el broker cae, tus tareas esperan.", "tus"),
        ("Defina tu propia cola.", "tu"),
        ("El worker te avisa.", "te"),
        ("Esto depende de ti.", "ti"),
        ("El broker que va contigo.", "contigo"),
        ("Con vuestra configuración no pasa.", "vuestra"),
        ("Así os avisa el broker.", "os"),
        ("Puedes usar otra cola.", "Puedes"),
        ("Si quieres, use otra cola.", "quieres"),
        ("Aquí debes definir un límite.", "debes"),
        ("No olvides el límite.", "olvides"),
        ("No guardes resultados.", "guardes"),
        ("Entonces verás el error.", "verás"),
        ("Luego tendrás dos mensajes.", "tendrás"),
        ("Si pudieras, lo cambiarías.", "cambiarías"),
        ("Podéis usar otra cola.", "Podéis"),
        ("Haced una copia.", "Haced"),
        ("Vos podés cambiarlo.", "Vos"),
        ("Si has definido un límite, espere.", "has definido"),
        ("Asegúrate de que las tareas sean idempotentes.", "Asegúrate"),
        ("Hazlo dentro de la tarea.", "Hazlo"),
        ("Primero guarde el pedido. Pon la llamada al final.", "Pon"),
        ("- **Haz** una copia.", "Haz"),
    ],
)
def test_forms_of_you_but_usted_are_found(wording: str, word: str) -> None:
    first = faults(wording)[0]
    assert (first.code, first.offset) == ("spanish-address", wording.index(word))
    assert "write" in first.message


@pytest.mark.parametrize(
    ("wording", "original", "word", "right"),
    [
        ("Usa un broker estable", "Use a stable broker", "Usa", "Use"),
        ("Configura un límite.", "Set a limit.", "Configura", "Configure"),
        ("El límite falta. Define uno.", "There is no limit. Define one.", "Define", "Defina"),
        ("Razones:\n\n- Guarda la clave.", "Reasons:\n\n- Store the key.", "Guarda", "Guarde"),
        ("## Crea una cola\n\nEs fácil.", "## Create a queue\n\nIt is easy.", "Crea", "Cree"),
        ("**Ejecuta** dos workers.", "**Run** two workers.", "Ejecuta", "Ejecute"),
    ],
)
def test_an_imperative_of_tu_is_found_where_the_original_tells_to_do_something(
    wording: str, original: str, word: str, right: str
) -> None:
    (fault,) = faults(wording, original)
    assert (fault.code, fault.offset) == ("spanish-address", wording.index(word))
    assert f"write '{right}'" in fault.message


def test_the_title_of_an_item_is_an_instruction_in_any_language() -> None:
    assert [
        fault.offset for fault in faults("Limita la cola", "Grenze setzen", "items/x/title")
    ] == [0]


@pytest.mark.parametrize(
    ("wording", "original"),
    [
        ("Usa la cola predeterminada.", "It uses the default queue."),
        ("Ejecuta la tarea dos veces.", "Runs the task twice."),
        (
            "El worker usa la cola. Guarda el resultado.",
            "The worker uses it. It stores the result.",
        ),
        ("Use un broker estable. No guarde nada.", "Use a stable broker. Store nothing."),
        ("Los límites, las marcas y las pruebas. Detrás, atrás, además, jamás.", ""),
        ("Las librerías, categorías y baterías; seis análisis.", ""),
        ("El té, el personal de TI y el OS. `tu`, `te`, `Usa`.", ""),
        ("Si una tarea usa Redis, guarda la clave.", "If a task uses Redis, it stores the key."),
        ("Le permite a usted saber su estado. Sé que él lo sabe.", ""),
        ("El mensaje «has no attribute» aparece en el log.", ""),
        ("Al mes se pasan cuentas; las llamas y las causas.", ""),
    ],
)
def test_what_only_looks_like_tu_is_left_alone(wording: str, original: str) -> None:
    assert faults(wording, original) == []


@pytest.mark.parametrize(
    ("wording", "mark"),
    [
        ("Qué hace el broker?", "?"),
        ("El worker murió. Qué pasa entonces?", "?"),
        ("Cuidado!", "!"),
        ("¿Qué hace el broker.", "¿"),
        ("¡Cuidado.", "¡"),
        ("¿Uno? Otro?", "?\0"),
        ("- ¿Uno?\n- Otro?", "?\0"),
        ("| Otro? | ¿Uno? |", "?"),
        ("Ha usado `acks_late`?", "?"),
        ("¿Ha empezado\n\nya?", "¿"),
    ],
)
def test_marks_open_and_close(wording: str, mark: str) -> None:
    found = [fault for fault in faults(wording) if fault.code == "inverted-mark"]
    expected = wording.rindex("?") if mark == "?\0" else wording.index(mark)
    assert expected in [fault.offset for fault in found]


@pytest.mark.parametrize(
    "wording",
    [
        "¿Qué hace el broker? ¡Cuidado! ¡¿Cómo?! ¿¡Cómo!? ¿De verdad!",
        "Si `a != b`, o bien a != b, `?` y ![imagen](a.png)",
        "La tecla <kbd>?</kbd> muestra ayuda.",
        "En el log aparece ??? en su lugar.",
        "Vea https://example.org/?q=1 y [esto](https://example.org/?q=2).",
        "**¿Se vuelve a entregar?** Depende.",
        "Pregunte: “¿Cuántos?”.",
        "!!! note\n    Texto.",
        "¿Cuántos\nmensajes hay?",
    ],
)
def test_marks_that_pair_or_are_none_are_left_alone(wording: str) -> None:
    assert [fault for fault in faults(wording) if fault.code == "inverted-mark"] == []


@pytest.mark.parametrize(
    ("wording", "at"),
    [
        ("Asegúrese que la tarea termine.", "que"),
        ("Hay que asegurarse siempre que termine.", None),
        ("Reintentos y idempotencia.", "y"),
        ("Padre y hijo.", "y"),
        ("Una cola o otra.", "o otra"),
        ("Las APIs cambian.", "s cambian"),
        ("Guarde los IDs.", "s."),
        ("El 95% de las tareas.", "%"),
    ],
)
def test_what_grammar_decides(wording: str, at: str | None) -> None:
    found = [fault for fault in faults(wording) if fault.code == "spanish-style"]
    assert [fault.offset for fault in found] == ([] if at is None else [wording.index(at)])


@pytest.mark.parametrize(
    "wording",
    [
        "Asegúrese de que la tarea termine.",
        "Reintentos e idempotencia; agua y hielo; y iOS, y `id`; ley y orden; uno y hierro.",
        "Una cola u otra; uno o dos; o bien.",
        "Las API, los ID, AWS, DNS, TLS, KiBs.",
        "El 95 % de las tareas, `%h`, 100 %.",
        "Espere por lo menos un minuto.",
    ],
)
def test_right_grammar_is_left_alone(wording: str) -> None:
    assert [fault for fault in faults(wording) if fault.code == "spanish-style"] == []


# On our own content.


@cache
def content() -> tuple[Pair, ...]:
    settings = settings_of(ROOT / "mkdocs.yml")
    assert settings is not None
    project, _ = examine(settings)
    assert project is not None
    return tuple(
        Pair(message.original[-1], phrase, message, project.glossaries["es"])
        for message in project.messages("es")
        for phrase in message.wording
    )


def test_our_own_spanish_has_no_fault() -> None:
    assert len(content()) > 500
    found = [
        f"{each.message.id}: {fault.message}"
        for each in content()
        for rule in spanish.RULES
        for fault in rule(each)
    ]
    assert found == []


TU = {usted: tu for tu, usted in spanish.IMPERATIVES.items()}
MUTATIONS = {
    "Use to Usa": (rf"(?<!\w)({'|'.join(map(str.capitalize, TU))})(?!\w)", "spanish-address", 0.85),
    "puede to puedes": (r"\b(puede)\b", "spanish-address", 1),
    "su to tu": (r"\b(su) (?=\w)", "spanish-address", 1),
    "¿ dropped": (r"(¿)", "inverted-mark", 1),
    "? dropped": (r"(?<=\w)(\?)", "inverted-mark", 1),
    "95 % to 95%": (r"\d( )%", "spanish-style", 1),
}
NEW = {"puede": "puedes", "su": "tu"}


@pytest.mark.parametrize("name", MUTATIONS)
def test_faults_put_into_our_own_spanish_are_found(name: str) -> None:
    pattern, code, rate = MUTATIONS[name]
    places = [
        (each, match)
        for each in content()
        for match in re.finditer(pattern, running_text(each.wording))
    ]
    assert places
    sample = random.Random(6).sample(places, min(60, len(places)))  # noqa: S311
    found = 0
    for each, match in sample:
        new = TU[match[1].lower()].capitalize() if match[1].lower() in TU else NEW.get(match[1], "")
        text = each.wording[: match.start(1)] + new + each.wording[match.end(1) :]
        mutant = replace(each, phrase=replace(each.phrase, text=text))
        found += any(fault.code == code for rule in spanish.RULES for fault in rule(mutant))
    assert found >= rate * len(sample)

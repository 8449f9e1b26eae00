"""Does Spanish address its reader as usted, and does it keep the rules that leave no choice?

Texts say *Use*, not *Usa* or *Usad*. Many forms of tú are also those of other persons or
other words (*usa*: it uses, *marcas*: marks), so the lists here have only what cannot be
read in another way. Imperatives of tú look like *it uses*: they count where the original
gives an instruction at the same place, and in the titles of items.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from checklist.checks.markup import HOLDER
from checklist.checks.pairs import Fault, Pair, Rule
from checklist.checks.words import SKIPPED, listed, running_text

_PRONOUNS: Final = listed(
    "tú tu tus ti te contigo tuyo tuya tuyos tuyas vos vosotros vosotras vuestro vuestra "
    "vuestros vuestras os"
)
"""In capitals they are something else: TI and OS are abbreviations."""
_SECOND_PERSON: Final = frozenset(
    listed(
        # Present, with no noun or other person spelled like it.
        "puedes debes tienes quieres necesitas sabes eres estás haces vas ves prefieres usas "
        "utilizas ejecutas configuras escribes envías lees pones dejas mantienes agregas trabajas "
        "eliges conoces encuentras recibes añades creas instalas gestionas "
        # Subjunctive, also of prohibitions.
        "puedas tengas quieras sepas hayas seas estés vayas hagas pongas digas dejes olvides "
        "necesites utilices ejecutes guardes escribas definas envíes confíes "
        # Past.
        "hiciste usaste guardaste cambiaste escribiste pudiste tuviste quisiste marcaste creaste "
        # Conditional; nouns end in -erías (librerías), so of those only some verbs.
        "podrías deberías tendrías querrías pondrías sabrías serías "
        # Vosotros and vos.
        "decís usad poned haced tened guardad ejecutad configurad definid escribid comprobad "
        "aseguraos podés tenés querés debés sabés necesitás hacé poné usá guardá ejecutá configurá "
        # Imperatives with the pronoun of tú.
        "asegúrate fíjate acuérdate dirígete conéctate suscríbete regístrate "
        "hazlo hazla hazlos hazlas hazle ponlo ponla ponlos ponlas ponle"
    )
)
_SECOND_PERSON_ENDINGS: Final = ("arás", "erás", "irás", "drás", "arías", "irías", "áis", "éis")
"""Of the future, of the conditional and of vosotros; no noun ends so but 'jerséis'."""
_WORD: Final = re.compile(r"(?<![\w-])[^\W\d_]+(?![\w-])")
_HAS: Final = re.compile(r"\b[Hh]as (?=\w+[aei]do\b)")
"""Of tú only before a participle; elsewhere it may be English."""

IMPERATIVES: Final = dict(
    pair.split("/")
    for pair in listed(
        "usa/use utiliza/utilice configura/configure define/defina ejecuta/ejecute guarda/guarde "
        "escribe/escriba envía/envíe crea/cree agrega/agregue añade/añada elimina/elimine "
        "borra/borre quita/quite pasa/pase pon/ponga haz/haga ten/tenga mantén/mantenga "
        "comprueba/compruebe verifica/verifique revisa/revise prueba/pruebe mide/mida "
        "vigila/vigile limita/limite fija/fije establece/establezca declara/declare elige/elija "
        "decide/decida evita/evite deja/deje separa/separe divide/divida protege/proteja "
        "cifra/cifre registra/registre avisa/avise lanza/lance captura/capture "
        "reintenta/reintente encola/encole enruta/enrute despliega/despliegue "
        "actualiza/actualice instala/instale inicia/inicie detén/detenga abre/abra "
        "cierra/cierre lee/lea busca/busque consulta/consulte asigna/asigne nombra/nombre "
        "llama/llame devuelve/devuelva carga/cargue libera/libere confirma/confirme "
        "programa/programe reserva/reserve recuerda/recuerde cuenta/cuente exporta/exporte "
        "importa/importe copia/copie marca/marque anota/anote"
    )
)
"""Of tú to of usted."""
_ONLY_IMPERATIVE: Final = frozenset({"pon", "haz", "ten", "mantén", "detén"})
"""Never the third person."""
_INSTRUCTIONS: Final = listed(
    "accept add alert allow always apply ask assign avoid begin bound build call cancel catch "
    "change check choose clean close collect commit compare compress configure connect consider "
    "copy count create decide declare define delete deploy design detect disable divide do drain "
    "enable encrypt end enqueue ensure expect export find fix follow give group guard handle hold "
    "import index inspect install issue keep know leave let limit list load lock log look make "
    "mark measure mind monitor move name never note open pass pick plan prefer protect publish "
    "put raise read record refuse register reject release remember remove rename replace report "
    "restart restrict retry return review route run save schedule see send separate set share "
    "ship size split start stay stop store switch take tell test trust try turn update upgrade "
    "use verify wait watch wrap write"
)
"""English verbs with which an instruction begins."""
_SENTENCE_START: Final = re.compile(
    r"(?:\A|(?:(?<=[.!?:])|(?<=[.!?:][)”*])|(?<=[.!?:]\*\*))\s+"
    r"|\n[ \t]*\n|\n(?=[ \t]*(?:[-+*]|[0-9]+[.)])[ ]))"
    rf"[ \t\n]*(?:(?:[-+*>]|\#{{1,6}}|[0-9]+[.)])[ ]+)?[{SKIPPED}*_(“¡¿\[]*[ ]?"
    r"(?P<word>[^\W\d_]+)?"
)


def address(pair: Pair) -> Iterator[Fault]:
    """Forms of tú, vos and vosotros."""
    text = running_text(pair.wording)
    words = list(_WORD.finditer(text))
    found = [match for match in words if _is_second_person(match[0])]
    for match in (*found, *_HAS.finditer(text)):
        message = f"'{match[0].strip()}' does not address the reader as usted; write that form"
        yield Fault(match.start(), "spanish-address", message)
    if any(match[0].lower() in IMPERATIVES for match in words):
        yield from _imperatives(pair, text)


def _is_second_person(word: str) -> bool:
    lower = word.lower()
    if lower in _PRONOUNS:
        return not (len(word) > 1 and word.isupper())
    return lower in _SECOND_PERSON or (
        lower.endswith(_SECOND_PERSON_ENDINGS) and lower != "jerséis"
    )


def _imperatives(pair: Pair, text: str) -> Iterator[Fault]:
    starts = list(_SENTENCE_START.finditer(text))
    originals = list(_SENTENCE_START.finditer(running_text(pair.original)))
    is_title = pair.message.id.startswith("items/") and pair.message.id.endswith("/title")
    for number, match in enumerate(starts):
        word = match["word"] or ""
        right = IMPERATIVES.get(word.lower())
        if right is None:
            continue
        # Sentence by sentence only if there are as many; the first is the first in any case.
        at = originals[number] if number == 0 or len(starts) == len(originals) else None
        told = at is not None and (at["word"] or "").lower() in _INSTRUCTIONS
        if told or is_title or word.lower() in _ONLY_IMPERATIVE:
            shown = right.capitalize() if word[0].isupper() else right
            message = f"'{word}' is the imperative of tú; write '{shown}'"
            yield Fault(match.start("word"), "spanish-address", message)


_BLOCK: Final = re.compile(r"\n[ \t]*\n|\n(?=[ \t]*(?:[-+*]|[0-9]+[.)])[ ])|(?<!\\)\|")
_MARKS: Final = re.compile(rf"[¿¡]|(?<=[\w{HOLDER}{SKIPPED}}})\]”’\"'»…*%])[?!]+(?![\w=\[])")
_OPENING: Final = {"?": "¿", "!": "¡"}


def inverted_mark(pair: Pair) -> Iterator[Fault]:
    """Questions and exclamations that do not begin with their mark, or do not end with it."""
    text = running_text(pair.wording)
    start = 0
    for end in (*(match.start() for match in _BLOCK.finditer(text)), len(text)):
        yield from _unpaired(text, start, end)
        start = end


def _unpaired(text: str, start: int, end: int) -> Iterator[Fault]:
    opened: list[re.Match[str]] = []
    for match in _MARKS.finditer(text, start, end):
        if match[0] in "¿¡":
            opened.append(match)
        elif text[: match.start()].endswith(SKIPPED) and _is_alone(text, match.start()):
            continue  # a key of the keyboard, in a tag of its own
        elif opened:
            # ¡¿…?! and ¿…! are both in use, so any mark closes what is open.
            opened.clear()
        else:
            opening = "".join(_OPENING[mark] for mark in reversed(match[0]))
            message = f"'{match[0]}' has no '{opening}'; put it where the question or call begins"
            yield Fault(match.start(), "inverted-mark", message)
    for match in opened[:1]:
        closing = "?" if match[0] == "¿" else "!"
        message = f"'{match[0]}' has no '{closing}'; put it where the question or call ends"
        yield Fault(match.start(), "inverted-mark", message)


def _is_alone(text: str, offset: int) -> bool:
    before = text[:offset].rstrip(SKIPPED)
    return not before or not before[-1].isalnum()


_STYLE: Final = (
    (
        re.compile(r"\b[Aa]seg[uú]r(?:ese|ense|ate|arse)(?:\s+\w+mente)?\s+(?P<at>que)\b"),
        "without 'de' the verb takes no 'que'; write 'de que'",
    ),
    (
        re.compile(
            r"(?<![\w-])(?P<at>y)\s+h?i(?=[bcdfgjlmnprstvxzáéóú])(?!dle|ce\b|con\b)[a-zá-ú]{2}"
        ),
        "before the sound i, 'y' becomes 'e'; write 'e'",
    ),
    (
        re.compile(r"(?<![\w-])(?P<at>o)\s+h?[oó][a-zá-ú]"),
        "before the sound o, 'o' becomes 'u'; write 'u'",
    ),
    (
        re.compile(r"(?<![\w/.-])[A-Z]{2,}(?P<at>s)(?![\w-])"),
        "abbreviations have no plural of their own in Spanish; delete the 's'",
    ),
    (re.compile(r"[0-9](?P<at>%)"), "a space stands before the sign; write ' %'"),
)
"""What Spanish grammar decides, with the remedy; no matter of taste."""


def style(pair: Pair) -> Iterator[Fault]:
    """The few faults of grammar and spelling that can be told for certain."""
    text = running_text(pair.wording)
    for pattern, remedy in _STYLE:
        for match in pattern.finditer(text):
            quoted = " ".join(match[0].split())
            yield Fault(match.start("at"), "spanish-style", f"'{quoted}': {remedy}")


RULES: Final[tuple[Rule, ...]] = (address, inverted_mark, style)

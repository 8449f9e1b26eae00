"""Files for a translator to fill in: nothing in them claims to be a translation yet."""

from __future__ import annotations

from collections.abc import Iterable

from checklist.scaffold import Language, scalar

_GLOSSARY = """\
# Glossary of {name}: one word for one concept, so that all texts use the same.
# `checklist check` holds the translations to it.
#
#   en:       the term in the language that is translated from
#   use:      the word for it
#   forms:    other forms of the word that are right too, such as [plural, short form]
#   avoid:    words that are not to be used for it
#   note:     when to use it, for other translators
#   reading:  how the word is read aloud, if its spelling does not tell
#
# Only `en` and `use` must be there. Take the `# ` away from a term once you have its word.

"""
_EXAMPLE = "checklist"


def glossary_stub(language: Language, terms: Iterable[str]) -> str:
    """A glossary in which every term waits for its word, in a comment.

    A term without a word would be a fault, and a word that nobody chose would be a lie.

    Args:
        language: of the glossary.
        terms: in the language that is translated from.
    """
    entries = "".join(f"# - en: {scalar(term)}\n#   use:\n" for term in list(terms) or [_EXAMPLE])
    return _GLOSSARY.format(name=language.name) + entries


def page_stub(original: str) -> str:
    """A page that says it is still to be written, so that the original stands in for it.

    It holds no copy of the original, which would soon be an old one.

    Args:
        original: path of the page to be translated.
    """
    return (
        "---\n"
        f"# Not translated yet, so that the site shows {original} in its place.\n"
        "# Write the translation of that page here, front matter included, and delete this.\n"
        "untranslated: true\n"
        "---\n"
    )

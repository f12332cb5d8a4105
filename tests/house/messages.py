"""What people read: the sentences of the sources, and their translations."""

import re

from babel.messages.catalog import Catalog, Message

from dispatch.i18n import catalogues

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def texts() -> list[str]:
    """Every sentence of the sources, the plural ones apart."""
    return [text for message in catalogues.gather() if message.id for text in _forms(message.id)]


def faults_of(said: Catalog, translated: Catalog) -> list[tuple[str, str]]:
    """What is wrong with a catalogue: the sentence, and why."""
    found = [(_first(one), "not translated") for one in said if one.id and one.id not in translated]
    found += [
        (_first(one), "no longer said") for one in translated if one.id and one.id not in said
    ]
    for message in translated:
        if message.id and (why := _fault_of(message, translated.num_plurals)):
            found.append((_first(message), why))
    return found


def _fault_of(message: Message, plurals: int) -> str | None:
    ids, strings = _forms(message.id), _forms(message.string)
    if not all(strings) or not strings:
        return "not translated"
    if message.fuzzy:
        return "uncertain"
    if message.pluralizable and len(strings) != plurals:
        return f"{len(strings)} forms instead of {plurals}"
    wanted = _placeholders(ids[-1])
    # One of a thing may be said without its number: "one family".
    optional = {"%(num)s"} if message.pluralizable else set()
    for form in strings:
        if _placeholders(form) | optional != wanted | optional:
            return "other placeholders"
    if _placeholders(strings[-1]) != wanted:
        return "other placeholders"
    return None


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def _forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _first(message: Message) -> str:
    return _forms(message.id)[0]

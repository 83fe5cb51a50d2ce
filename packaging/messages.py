"""Brings the translations up to date: takes every text out of the program, and compiles what translators have written.

    packaging/dev messages            # after a text was written or changed, and after translating
    packaging/dev messages --check    # changes nothing; fails unless that would change nothing and all is translated

The texts are those that ``say``, ``say_count`` and ``mark`` are called with, and those of the tables that are said as
they stand: signals, causes, steps, the window's texts and the help of the commands.
"""

import argparse
import ast
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from trayapp.cli import main as command_line
from trayapp.cli.speaking import CLICK, texts_of
from trayapp.core.causes import PROBLEMS
from trayapp.core.language import Language
from trayapp.core.nouns import NOUNS, OTHER, counted
from trayapp.core.regions import NAMES
from trayapp.core.response.table import STAGES
from trayapp.core.signals import CATALOGUE
from trayapp.core.signals.ports import WAYS_IN
from trayapp.core.wording import Wording
from trayapp.languages import DOMAIN, LOCALES
from trayapp.review.settings_texts import SettingsTexts
from trayapp.review.texts import Texts

_PACKAGE = LOCALES.parent
_CALLS = {"say": 1, "mark": 1, "say_count": 2}
"""How many texts each takes."""
_WIDTH = 100
_BEGUN = datetime(2026, 11, 24, tzinfo=UTC)

TABLES: tuple[type[Wording], ...] = (Texts, SettingsTexts)
"""The tables of texts that pages have."""

Message = str | tuple[str, str]
"""A text, or one text for one thing and one for several."""


def texts() -> Iterator[tuple[Message, str]]:
    """Give every text that a person may read, with where it stands."""
    for file in sorted(_PACKAGE.rglob("*.py")):
        yield from _of_calls(file)
    yield from _of_tables()
    yield from _of_help()


def _of_calls(file: Path) -> Iterator[tuple[Message, str]]:
    """Give what a file says; Babel's own extractor does not see what is said inside of an f-string."""
    place = f"trayapp/{file.relative_to(_PACKAGE).as_posix()}"
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in _CALLS:
            continue
        texts = [each.value if isinstance(each, ast.Constant) else each for each in node.args[: _CALLS[node.func.id]]]
        if any(isinstance(each, ast.JoinedStr) for each in texts):
            sys.exit(f"{place}, line {node.lineno}: an f-string cannot be translated; name its parts")
        match texts:
            case [str(text)]:
                yield text, place
            case [str(one), str(many)]:
                yield (one, many), place
            case [_, _] if file.name not in ("nouns.py", "wording.py"):
                sys.exit(f"{place}, line {node.lineno}: what counts must be written where it is said")


def _of_tables() -> Iterator[tuple[Message, str]]:  # noqa: C901 - a loop for each table, nothing nested
    for signal in CATALOGUE:
        for text in (*signal.says.done.values(), signal.says.first_seen, *signal.says.refused.values()):
            yield text, f"signal: {signal.id}"
    for cause, problem in PROBLEMS.items():
        yield problem.what, f"cause: {cause.value}"
        yield problem.way_out, f"cause: {cause.value}"
    for row in (row for _, rows in STAGES for row in rows):
        for text in (row.title, row.why, row.done_when):
            yield text, f"step: {row.id}"
    for noun in (*NOUNS.values(), OTHER):
        yield noun, "noun"
        yield counted(noun), "noun, counted"
    for place in NAMES.values():
        yield place, "Region"
    for way in WAYS_IN.values():
        yield way, "port"
    for table in TABLES:
        for each in table.every():
            yield each, f"table: {table.__module__}"


def _of_help() -> Iterator[tuple[Message, str]]:
    with click.Context(command_line) as context:
        commands = {name: command_line.get_command(context, name) for name in command_line.list_commands(context)}
    for name, command in {"": command_line, **commands}.items():
        for text in texts_of(command) if command else ():
            yield text, f"help: {command_line.name} {name}"
    yield from ((each, "help: click") for each in CLICK)


def template() -> Catalog:
    """Make the catalogue of all texts, none translated."""
    made = Catalog(domain=DOMAIN, project=DOMAIN, charset="utf-8", fuzzy=False)
    counted: dict[str, bool] = {}
    for message, place in texts():
        if not _first(message):
            continue
        # gettext finds a text that counts by its singular, and then no longer as a text of its own.
        if counted.setdefault(_first(message), isinstance(message, tuple)) is not isinstance(message, tuple):
            sys.exit(f"{place}: {_first(message)!r} stands alone and counts things; let one of them say more")
        made.add(message, locations=[(place, 0)])
    return made


def updated(language: Language) -> Catalog:
    """Give a language's catalogue with exactly the texts there are now; what is translated stays."""
    source = po_of(language)
    with source.open("rb") if source.exists() else io.BytesIO() as file:
        catalog = read_po(file, locale=language.value, domain=DOMAIN)
    catalog.update(template(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    # What else a head has changes with every run, or with the version of the tool.
    catalog.header_comment, catalog.fuzzy = f"# The texts of {DOMAIN} in {catalog.locale_identifier}.", False
    catalog.project, catalog.version, catalog.last_translator, catalog.language_team = DOMAIN, "", DOMAIN, DOMAIN
    catalog.msgid_bugs_address, catalog.creation_date, catalog.revision_date = "", _BEGUN, _BEGUN
    return catalog


def written(catalog: Catalog) -> tuple[bytes, bytes]:
    """Give what stands in the two files of a catalogue: for people, and for the program."""
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalog, width=_WIDTH, include_lineno=False, sort_by_file=True)
    write_mo(mo, catalog)
    return po.getvalue(), mo.getvalue()


def said(catalog: Catalog) -> dict[object, object]:
    """Give what a catalogue says: each text with its translation."""
    # What is read from a compiled file has lists where what is written has tuples.
    return {_one(message.id): _one(message.string) for message in catalog if message.id and _whole(message.string)}


def untranslated(catalog: Catalog) -> list[str]:
    """Give the texts that are not translated."""
    return [_first(message.id) for message in catalog if message.id and not _whole(message.string)]


def po_of(language: Language) -> Path:
    """Name a language's file for people; the program's stands beside it."""
    return LOCALES / language.value / "LC_MESSAGES" / f"{DOMAIN}.po"


def _first(message: object) -> str:
    return str(message[0] if isinstance(message, tuple) else message)


def _one(text: object) -> object:
    return tuple(text) if isinstance(text, list) else text


def _whole(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


def run(*, check: bool) -> int:
    """Bring every language up to date, or look whether it is; give the exit code."""
    wrong = 0
    for language in set(Language) - {Language.ENGLISH}:
        catalog, source = updated(language), po_of(language)
        compiled = source.with_suffix(".mo")
        missing = untranslated(catalog)
        for text in missing:
            print(f"{language.value}: not translated: {text}", file=sys.stderr)
        if check:
            for file, read in ((source, read_po), (compiled, read_mo)):
                if not file.exists() or said(read(io.BytesIO(file.read_bytes()))) != said(catalog):
                    print(f"{file.name} is not up to date: packaging/dev messages", file=sys.stderr)
                    wrong = 1
            wrong = 1 if missing else wrong
        else:
            po, mo = written(catalog)
            source.parent.mkdir(parents=True, exist_ok=True)
            source.write_bytes(po)
            compiled.write_bytes(mo)
            print(f"{language.value}: {len(catalog)} texts, {len(missing)} not translated")
    return wrong


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Bring the translations up to date.")
    parser.add_argument("--check", action="store_true", help="change nothing; fail unless all is up to date")
    sys.exit(run(check=parser.parse_args().check))

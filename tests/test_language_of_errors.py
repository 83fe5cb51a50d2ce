"""Whatever is raised or found to be shown to a person is said through the language, wherever it stands."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import trayapp

PACKAGE = Path(trayapp.__file__).parent
FILES = sorted(path for path in PACKAGE.rglob("*.py") if PACKAGE / "demo" not in path.parents)
"""All but those of the demonstration, which stands in AWS's place."""

SHOWN = {
    *("AlreadyRunning", "AutostartFailed", "AwsFailure", "BrowserFailed", "BusError", "Forged", "Ill", "InvalidValue"),
    *(
        "KeyStoreProblem",
        "NoAnswer",
        "NoBus",
        "NotAsked",
        "NotRunning",
        "SettingsError",
        "Refused",
        "SignInRefused",
        "Spoiled",
    ),
    *("StoreError", "Unreadable", "UnsafeFolder", "Untrusted", "WindowFailed", "Checked", "Step", "Note", "MenuEntry"),
    *("Button", "NoteFailed", "Verdict", "damaged", "_failed", "_failing", "_gone"),
}
"""What carries a text that is shown, and the functions that make such things."""

SAID = {"say", "say_count", "say_reason", "mark"}


def _unsaid(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if _called(call) in SHOWN:
            for given in (*call.args, *(each.value for each in call.keywords)):
                yield from ((text.lineno, _written(text)) for text in _texts(given) if _is_prose(_written(text)))


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _texts(given: ast.expr) -> Iterator[ast.Constant | ast.JoinedStr]:
    """Give what is written in an argument itself, but for what is said."""
    match given:
        case ast.Constant(value=str()) | ast.JoinedStr():
            yield given
        case ast.IfExp():
            yield from (*_texts(given.body), *_texts(given.orelse))
        case ast.BinOp():
            yield from (*_texts(given.left), *_texts(given.right))


def _written(text: ast.Constant | ast.JoinedStr) -> str:
    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
    return "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))


def _is_prose(text: str) -> bool:
    """Tell words from codes, ids and separators: they have spaces between letters."""
    return any(before.isalpha() and after.isalpha() for before, after in _around_spaces(text))


def _around_spaces(text: str) -> Iterator[tuple[str, str]]:
    for place, char in enumerate(text[1:-1], 1):
        if char == " ":
            yield text[place - 1], text[place + 1]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE).with_suffix("")))
def test_no_text_that_is_shown_is_written_without_being_said(path: Path) -> None:
    assert list(_unsaid(ast.parse(path.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('raise Ill("the tray is gone")', ["the tray is gone"]),
        ('raise Ill(f"{tray} is not there", "")', [" is not there"]),
        ('Checked(x, sentence="not well" if a else b)', ["not well"]),
        ('raise Ill(say("the tray is gone"))', []),
        ('Checked(CHECK, "eu-west-1")', []),
        ('log.info("the tray is gone")', []),
    ],
)
def test_what_is_not_said_is_found(code: str, found: list[str]) -> None:
    assert [text for _, text in _unsaid(ast.parse(code))] == found

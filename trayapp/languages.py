"""Which language is spoken: the owner's choice, else his desktop's."""

import gettext
import locale
import os
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from trayapp.core.language import Language, speak

DOMAIN = "trayapp"
LOCALES = Path(__file__).parent / "locale"
"""A folder for each language but English, as gettext has them:
https://www.gnu.org/software/gettext/manual/html_node/Locating-Catalogs.html"""

AUTO = "auto"

# The order in which gettext asks, https://www.gnu.org/software/gettext/manual/html_node/Locale-Environment-Variables.html
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


class _Environment:
    """What was changed in our own environment: the variable's value before, if it is ours now."""

    before: str | None = None
    ours: str | None = None


def speak_as_chosen(settings: Path) -> None:
    """Speak the language that the settings name, else the desktop's; what is wrong in the file is said elsewhere.

    Args:
        settings: The settings file.
    """
    try:
        choice = tomllib.loads(settings.read_bytes().decode()).get("language", AUTO)
    except (OSError, ValueError):
        choice = AUTO
    use(choice if isinstance(choice, str) else AUTO)


def use(choice: str) -> None:
    """Speak a language from now on.

    Args:
        choice: A language's code, or ``auto`` for the desktop's.
    """
    _take_back()
    desktop = of_the_desktop(os.environ)
    try:
        language = Language(choice)
    except ValueError:
        language = desktop
    if language is not desktop:
        _say_abroad(language)
    # The command line's library says its own few words by gettext's global functions.
    gettext.bindtextdomain(DOMAIN, str(LOCALES))
    gettext.textdomain(DOMAIN)
    if language is Language.ENGLISH:
        speak(language, gettext.NullTranslations())
    else:
        # That a translation is missing must keep nobody from being warned: without it English is spoken.
        speak(language, gettext.translation(DOMAIN, LOCALES, [language.value], fallback=True))


def _say_abroad(language: Language) -> None:
    """Have gettext's global functions say a language that is not the desktop's: they ask nothing but this variable."""
    _Environment.before, _Environment.ours = os.environ.get("LANGUAGE"), language.value
    os.environ["LANGUAGE"] = language.value


def _take_back() -> None:
    if _Environment.ours is None or os.environ.get("LANGUAGE") != _Environment.ours:
        return
    if _Environment.before is None:
        del os.environ["LANGUAGE"]
    else:
        os.environ["LANGUAGE"] = _Environment.before
    _Environment.before = _Environment.ours = None


def of_the_desktop(environment: Mapping[str, str]) -> Language:
    """Give the language of the desktop, English where we do not have it."""
    named = next((environment[name] for name in _VARIABLES if environment.get(name)), "") or _of_the_system()
    # LANGUAGE is a list, the most wanted first: ``ja_JP.UTF-8:en``.
    for each in named.split(":"):
        code = each.replace("-", "_").partition("_")[0].partition(".")[0].casefold()
        if code in {language.value for language in Language}:
            return Language(code)
    return Language.ENGLISH


def _of_the_system() -> str:
    """Ask the system where no variable says; ``""`` if it does not say either."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - asked nowhere else

        # https://learn.microsoft.com/windows/win32/api/winnls/nf-winnls-getuserdefaultuilanguage
        return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    if sys.platform == "darwin":
        import subprocess  # noqa: PLC0415 - asked nowhere else

        # What the Finder starts has no LANG. https://ss64.com/mac/defaults.html
        command = ["/usr/bin/defaults", "read", "-g", "AppleLanguages"]
        asked = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - a fixed command
        found = [part.strip(' "\n') for part in asked.stdout.strip("()\n ").split(",")]
        return ":".join(part for part in found if part)
    return ""

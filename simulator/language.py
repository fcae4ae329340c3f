"""Every word a user reads: Chinese in the source, other languages from gettext catalogues."""

from __future__ import annotations

import gettext
from contextvars import ContextVar
from enum import StrEnum
from pathlib import Path

CATALOGUES = Path(__file__).parent / "locale"
DOMAIN = "simulator"


class Language(StrEnum):
    """A language of output."""

    ZH = "zh"
    EN = "en"


_catalogue: ContextVar[gettext.NullTranslations] = ContextVar("catalogue")
_language: ContextVar[Language] = ContextVar("language", default=Language.ZH)


def use_language(language: Language) -> None:
    """Speak `language` from here on, in this thread or task."""
    _language.set(language)
    if language is Language.ZH:
        _catalogue.set(gettext.NullTranslations())
    else:
        _catalogue.set(gettext.translation(DOMAIN, CATALOGUES, [language.value]))


def current_language() -> Language:
    """The language now spoken."""
    return _language.get()


def translate(message: str) -> str:
    """The message, written in Chinese, in the language now spoken.

    >>> translate("小学")
    '小学'
    """
    catalogue = _catalogue.get(None)
    return message if catalogue is None or not message else catalogue.gettext(message)


def plural(message: str, count: int) -> str:
    """A message about a number of things, in the form that the language now spoken has for that number.

    >>> plural("{count} 个学部", 1)
    '{count} 个学部'
    """
    catalogue = _catalogue.get(None)
    return message if catalogue is None or not message else catalogue.ngettext(message, message, count)

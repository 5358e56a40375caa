"""How numbers are written for people, in each language."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .negotiation import Language

_WAN: Final = Decimal(10_000)
_FINEST: Final = 6
_DASH: Final = "—"


def amount(yuan: Decimal | None, language: Language) -> str:
    r"""Return an amount of money: 万元 in Chinese, CNY in English, a dash for none.

    >>> amount(Decimal("40000"), "zh"), amount(Decimal("40000"), "en"), amount(None, "zh")
    ('4.00\xa0万元', 'CNY\xa040,000', '—')
    >>> amount(Decimal("20480.5"), "zh"), amount(Decimal("20480.5"), "en")
    ('2.04805\xa0万元', 'CNY\xa020,480.50')
    """
    if yuan is None:
        return _DASH
    if language == "zh":
        return f"{_grouped(yuan / _WAN, least=2)}\N{NO-BREAK SPACE}万元"
    return f"CNY\N{NO-BREAK SPACE}{_grouped(yuan, least=0 if yuan == yuan.to_integral_value() else 2)}"


def number(value: Decimal | int | None) -> str:
    """Return a number with thousands apart, a dash for none.

    >>> number(Decimal("1234567.50")), number(122), number(None)
    ('1,234,567.5', '122', '—')
    """
    return _DASH if value is None else _grouped(Decimal(value), least=0)


def share(part: int, whole: int) -> str:
    """Return a share as a whole percentage, a dash of nothing.

    >>> share(90, 122), share(0, 0)
    ('74%', '—')
    """
    return f"{round(100 * part / whole)}%" if whole else _DASH


def moment(stamp: str) -> str:
    """Return the day and minute of an `xsd:dateTime` in UTC; a day alone stays one.

    >>> moment("2026-11-23T00:27:53.794494Z"), moment("2026-11-23")
    ('2026-11-23 00:27 UTC', '2026-11-23')
    """
    day, at, time = stamp.partition("T")
    return f"{day} {time[:5]} UTC" if at else day


def _grouped(value: Decimal, *, least: int) -> str:
    """Return a number with thousands apart and as many decimals as it needs, `least` at least."""
    exponent = value.normalize().as_tuple().exponent
    needed = -exponent if isinstance(exponent, int) else 0
    return f"{value:,.{min(max(needed, least), _FINEST)}f}"

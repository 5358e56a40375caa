"""What readers say of contents that they see and cannot read: one sentence for each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..model import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGE_CM: Final = (8.0, 4.0)
"""Width and height from which a picture may be one of a table; logos, seals and signatures are smaller."""
_NAMED: Final = 10


def hidden_sheets(names: Sequence[str]) -> Wording:
    """Return the sentence about sheets that nobody sees."""
    return Wording(
        f"隐藏的工作表未读取：{_listed(names)}",
        f"{_counted(names, 'hidden sheet')} not read: {_listed(names)}",
    )


def pictured_sheet() -> Wording:
    """Return the sentence about a sheet without text on which something is drawn."""
    return Wording("工作表只有图片或图形，未读取", "the sheet shows pictures only, which are not read")


def formulas_without_values(addresses: Sequence[str]) -> Wording:
    """Return the sentence about formulas whose results nobody saved."""
    return Wording(
        f"{len(addresses)}个公式没有保存结果，读作空白：{_listed(addresses)}",
        f"{_counted(addresses, 'formula')} without a saved value, read as blank: {_listed(addresses)}",
    )


def embedded_objects(names: Sequence[str]) -> Wording:
    """Return the sentence about files that are embedded in a document, by what it calls them."""
    return Wording(
        f"嵌入的对象未读取：{_listed(names)}",
        f"{_counted(names, 'embedded object')} not read: {_listed(names)}",
    )


def margins() -> Wording:
    """Return the sentence about page headers, page footers and footnotes whose part of the file is broken."""
    return Wording(
        "页眉、页脚或脚注已损坏，未读取", "page headers, footers or footnotes are damaged and not read"
    )


def picture(width: float, height: float, unit: str) -> Wording:
    """Return the sentence about a picture that is large enough to show a table."""
    size = f"{width:.0f} × {height:.0f} {unit}"
    return Wording(f"图片（{size}）中的内容未读取", f"what a picture ({size}) shows is not read")


def is_large(width: float, height: float) -> bool:
    """Return whether a picture of so many centimetres may be one of a table."""
    return width >= LARGE_CM[0] and height >= LARGE_CM[1]


def _listed(names: Sequence[str]) -> str:
    return "、".join(names[:_NAMED]) + ("……" if len(names) > _NAMED else "")


def _counted(names: Sequence[str], one: str) -> str:
    return f"1 {one}" if len(names) == 1 else f"{len(names)} {one}s"

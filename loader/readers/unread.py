"""What readers say of contents that they see and cannot read: one sentence for each kind, in zh (and en)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGE_CM: Final = (8.0, 4.0)
"""Width and height from which a picture may be one of a table; logos, seals and signatures are smaller."""
_NAMED: Final = 10


def hidden_sheets(names: Sequence[str]) -> str:
    """Return the sentence about sheets that nobody sees."""
    return f"隐藏的工作表未读取：{_listed(names)} ({_counted(names, 'hidden sheet')} not read)"


def pictured_sheet() -> str:
    """Return the sentence about a sheet without text on which something is drawn."""
    return "工作表只有图片或图形，未读取 (the sheet shows pictures only, which are not read)"


def formulas_without_values(addresses: Sequence[str]) -> str:
    """Return the sentence about formulas whose results nobody saved."""
    return (
        f"{len(addresses)}个公式没有保存结果，读作空白：{_listed(addresses)} "
        f"({_counted(addresses, 'formula', 'formulas')} without a saved value: open the file in Excel or WPS "
        "and save it)"
    )


def embedded_objects(names: Sequence[str]) -> str:
    """Return the sentence about files that are embedded in a document, by what it calls them."""
    return f"嵌入的对象未读取：{_listed(names)} ({_counted(names, 'embedded object')} not read)"


def picture(width: float, height: float, unit: str) -> str:
    """Return the sentence about a picture that is large enough to show a table."""
    return f"图片（{width:.0f} × {height:.0f} {unit}）中的内容未读取 (a picture, whose contents are not read)"


def is_large(width: float, height: float) -> bool:
    """Return whether a picture of so many centimetres may be one of a table."""
    return width >= LARGE_CM[0] and height >= LARGE_CM[1]


def _listed(names: Sequence[str]) -> str:
    return "、".join(names[:_NAMED]) + ("……" if len(names) > _NAMED else "")


def _counted(names: Sequence[str], one: str, many: str | None = None) -> str:
    return f"1 {one}" if len(names) == 1 else f"{len(names)} {many or f'{one}s'}"

"""The answer to a question as Parquet, for which the extra `parquet` is installed."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .answers import Table

MEDIA_TYPE: Final = "application/vnd.apache.parquet"


def parquet(table: Table) -> bytes:
    """Return an answer as Parquet: a column of numbers or of yes and no where all its cells are, else of texts."""
    import polars

    frame = polars.DataFrame({column: _series(table, column) for column in table.columns})
    out = BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


def _series(table: Table, column: str) -> Any:
    import polars

    cells = [row.cells.get(column) for row in table]
    values = [None if cell is None else cell.value for cell in cells]
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return polars.Series(column, values, dtype=polars.Boolean)
    if kinds == {int}:
        return polars.Series(column, values, dtype=polars.Int64)
    if kinds and kinds <= {int, float}:
        return polars.Series(column, [None if value is None else float(value) for value in values])
    texts = [None if cell is None else cell.text for cell in cells]
    return polars.Series(column, texts, dtype=polars.String)

"""What a printed text should probably say: suggestions with a reason, for a person to look at, never applied.

Each is the likely text of one cell: a project code that satisfies its check, a sign that a scan misread, the unit
that the name implies, the amount that makes a sum right. Where only the difference is known, and not the cell, the
difference is told. `suggesting` knows which rule asks for which of `codes`, `values` and `sums`.
"""

"""One module for each way in which tables arrive as text; `..text` chooses among them.

A form only finds the cells: `entries.Entry` after entry, in rows where the form shows where rows end and in a
stream where it does not. `sections` and what it stands on cut streams, and lay rows under the columns of their
header, alike for every form.
"""

"""One module for each format: from bytes to a `Document` of tables; `registry` is the plug point."""

"""From what was recognised to quads: minted names, canonical terms, each statement with its source."""

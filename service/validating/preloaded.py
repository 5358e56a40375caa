"""Importing this reads everything that judging needs: what judging processes are forked from, once for all.

Nobody imports it by hand: `judges` names it to the server that forks. The fast engine stays unread, because it
keeps threads, which a fork would lose.
"""

import shapes
from ontology import vocabulary

from . import judging

vocabulary.graph()
shapes.rules()

__all__ = ["judging"]

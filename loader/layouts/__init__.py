"""Families of layout: from tables as printed to what they say, driven by the form labels of the ontology."""

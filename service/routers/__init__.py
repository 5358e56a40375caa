"""Addresses to answers, one module for each kind; routers never import each other."""

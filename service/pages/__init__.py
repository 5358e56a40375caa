"""What each page shows: SPARQL in, plain records out. No HTTP here, no HTML, no sentence of the interface."""

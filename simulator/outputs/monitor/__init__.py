"""`monitor`: what was promised beside what a later year shows."""

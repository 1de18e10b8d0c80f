"""How fast the clients are, side by side with others: `nox -s bench` (ADR 9)."""

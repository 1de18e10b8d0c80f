"""BILL's resources: each a list of sentences about what can be asked."""

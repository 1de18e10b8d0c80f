"""What a client offers: entity sets to read and write, and batches."""

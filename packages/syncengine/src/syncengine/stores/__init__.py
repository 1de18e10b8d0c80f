"""Where a connection's journal and state are kept: in memory, or in a SQL database."""

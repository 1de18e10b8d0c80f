"""Sources and targets over the two clients: their rows as our facts, their errors as the ports'."""

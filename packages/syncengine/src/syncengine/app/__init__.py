"""Where everything is put together: settings, clients, flows, store, and the command line."""

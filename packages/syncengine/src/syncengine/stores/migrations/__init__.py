"""Alembic revisions, run by `syncengine.stores.schema`."""

"""Schema history, run by central.store.migrate."""

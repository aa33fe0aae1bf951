"""The schema's history, applied by `runtime.database`; each room writes its own revision."""

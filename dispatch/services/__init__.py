"""Every write of dispatch: ``entity_verb(*, by, …)``, one transaction with its history and audit row."""

-- The transaction that wrote the row: what a reader with a snapshot has not seen is found by it, whatever the order of
-- commits. Not indexed: every batch would then write the index as well, and rows could not be updated in their place.
ALTER TABLE devices_latest ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();

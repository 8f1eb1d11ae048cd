ALTER TABLE devices_latest DROP COLUMN xid;

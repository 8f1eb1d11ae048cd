-- Audit rows and seals are only ever added.

CREATE FUNCTION records_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER records_auditevent_append_only BEFORE UPDATE OR DELETE ON records_auditevent
  FOR EACH ROW EXECUTE FUNCTION records_refuse_change();
CREATE TRIGGER records_auditevent_no_truncate BEFORE TRUNCATE ON records_auditevent
  FOR EACH STATEMENT EXECUTE FUNCTION records_refuse_change();
CREATE TRIGGER records_auditseal_append_only BEFORE UPDATE OR DELETE ON records_auditseal
  FOR EACH ROW EXECUTE FUNCTION records_refuse_change();
CREATE TRIGGER records_auditseal_no_truncate BEFORE TRUNCATE ON records_auditseal
  FOR EACH STATEMENT EXECUTE FUNCTION records_refuse_change();

-- The place of a row in the order of sealing is the number of its transaction: whatever is below the oldest
-- transaction still running is final, whichever order the ids were given out in. A number below the end of the last
-- seal can only mean that the database was restored into a cluster that counts from a lower number: a new era.
CREATE FUNCTION records_place_audit_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last record;
BEGIN
  NEW.xid := pg_current_xact_id()::text::bigint;
  NEW.era := 0;
  SELECT end_era, end_xid INTO last FROM records_auditseal ORDER BY id DESC LIMIT 1;
  IF FOUND THEN
    NEW.era := last.end_era + CASE WHEN NEW.xid < last.end_xid THEN 1 ELSE 0 END;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER records_auditevent_place BEFORE INSERT ON records_auditevent
  FOR EACH ROW EXECUTE FUNCTION records_place_audit_row();

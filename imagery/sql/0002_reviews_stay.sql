-- A verdict goes with its point or not at all. Its row goes first then, so that is looked at when the transaction ends.

CREATE FUNCTION imagery_review_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM imagery_changepoint WHERE id = OLD.point_id) THEN
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER imagery_review_stays AFTER DELETE ON imagery_review
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION imagery_review_stays();
CREATE TRIGGER imagery_review_no_truncate BEFORE TRUNCATE ON imagery_review
  FOR EACH STATEMENT EXECUTE FUNCTION records_refuse_change();

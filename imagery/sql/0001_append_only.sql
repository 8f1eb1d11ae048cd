-- What somebody said of a point is never changed: what is taken back is a row of its own. A point that is removed takes
-- its verdicts along, so that removing is another rule (0002_reviews_stay.sql).

CREATE TRIGGER imagery_review_append_only BEFORE UPDATE ON imagery_review
  FOR EACH ROW EXECUTE FUNCTION records_refuse_change();

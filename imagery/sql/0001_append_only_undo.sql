DROP TRIGGER IF EXISTS imagery_review_append_only ON imagery_review;

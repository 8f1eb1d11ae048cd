DROP TRIGGER IF EXISTS imagery_review_no_truncate ON imagery_review;
DROP TRIGGER IF EXISTS imagery_review_stays ON imagery_review;
DROP FUNCTION IF EXISTS imagery_review_stays();

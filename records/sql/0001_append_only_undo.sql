DROP TRIGGER records_auditevent_place ON records_auditevent;
DROP TRIGGER records_auditevent_append_only ON records_auditevent;
DROP TRIGGER records_auditevent_no_truncate ON records_auditevent;
DROP TRIGGER records_auditseal_append_only ON records_auditseal;
DROP TRIGGER records_auditseal_no_truncate ON records_auditseal;
DROP FUNCTION records_place_audit_row();
DROP FUNCTION records_refuse_change();

-- Events of the history are only ever added.

CREATE TRIGGER records_historyevent_append_only BEFORE UPDATE OR DELETE ON records_historyevent
  FOR EACH ROW EXECUTE FUNCTION records_refuse_change();
CREATE TRIGGER records_historyevent_no_truncate BEFORE TRUNCATE ON records_historyevent
  FOR EACH STATEMENT EXECUTE FUNCTION records_refuse_change();

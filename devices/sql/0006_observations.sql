-- Numbers and words as one. A plain UNION ALL: conditions and the order by (stream_id, ts) reach the partitions' keys.
CREATE VIEW devices_observation AS
SELECT ts, stream_id, value, NULL::varchar(200) AS text, quality FROM devices_reading
UNION ALL
SELECT ts, stream_id, NULL::double precision, text, 0::smallint FROM devices_textreading;

-- Readings by retention class (a range of stream numbers), then by week. Columns by alignment: 22 bytes of data a row.
CREATE TABLE devices_reading (
    ts timestamptz NOT NULL,
    value double precision NOT NULL,
    stream_id integer NOT NULL,
    quality smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (stream_id, ts)
) PARTITION BY RANGE (stream_id);

CREATE TABLE devices_textreading (
    ts timestamptz NOT NULL,
    stream_id integer NOT NULL,
    text varchar(200) NOT NULL,
    PRIMARY KEY (stream_id, ts)
) PARTITION BY RANGE (stream_id);

DO $$
DECLARE class integer; family text; low bigint; high bigint;
BEGIN
    FOR class IN 0..2 LOOP
        low := class * 500000000::bigint;
        high := low + 500000000;
        EXECUTE format('CREATE SEQUENCE devices_stream_%s AS integer MINVALUE %s MAXVALUE %s', class, low + 1, high - 1);
        FOREACH family IN ARRAY ARRAY['devices_reading', 'devices_textreading'] LOOP
            EXECUTE format(
                'CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%s) TO (%s) PARTITION BY RANGE (ts)',
                family || '_' || class, family, low, high);
            EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', family || '_' || class || '_rest', family || '_' || class);
        END LOOP;
    END LOOP;
END
$$;

-- Hours whose numbers have to be counted anew. Rows are only added and taken; the same hour may stand here twice, so that
-- whoever adds waits for nobody, and nothing is lost while the numbers are counted.
CREATE TABLE devices_dirty (stream_id integer NOT NULL, hour timestamptz NOT NULL);

ALTER TABLE devices_latest SET (fillfactor = 50);
ALTER TABLE devices_seen SET (fillfactor = 50);

DROP TABLE devices_dirty;
DROP TABLE devices_textreading;
DROP TABLE devices_reading;
DROP SEQUENCE devices_stream_0, devices_stream_1, devices_stream_2;

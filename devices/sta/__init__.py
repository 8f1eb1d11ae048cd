"""SensorThings API 1.1 (OGC 18-088): devices, streams and readings for programs of others (docs/adr/0020).

`identity` numbers of entities · `lexer` `parser` text of `$filter` as a tree · `options` a query as values · `entities`
what the eight sets are made of · `functions` `translation` trees as conditions of the database · `paths` addresses as
rows · `reading` `expanding` rows as answers · `observing` readings that are sent · `views` `urls` the edge.
"""

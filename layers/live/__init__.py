"""The live channel: one stream of server-sent events per browser, which tells which layers changed, never what in them;
and beside it the values of a feed, to those who look at where they are.

``topics`` who may hear of what, and its version · ``feeds`` values, read once for all · ``listener`` the one connection
that hears PostgreSQL · ``hub`` hands what it heard to the streams · ``gate`` how many there may be · ``stream`` one of
them · ``app`` the ASGI application. Decisions and measured cost: docs/adr/0011-live-channel.md, 0018-live-values.md.
"""

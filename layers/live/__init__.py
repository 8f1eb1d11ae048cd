"""The live channel: one stream of server-sent events per browser, which tells which layers changed, never what in them.

``topics`` who may hear of what, and its version · ``listener`` the one connection that hears PostgreSQL · ``hub`` hands
what it heard to the streams · ``gate`` how many there may be · ``stream`` one of them · ``app`` the ASGI application.
Decision and measured cost: docs/adr/0011-live-channel.md.
"""

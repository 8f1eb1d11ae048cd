"""Pictures of scenes: tiles of the map and chips of points (docs/adr/0024).

`looks` which bands and how bright (pure) · `readers` opened files, by thread · `drawing` tiles and chips as bytes ·
`sidecar` tiles by a TiTiler beside us · `kept` tiles on the disk.
"""

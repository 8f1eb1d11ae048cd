"""Open311 GeoReport v2: reports for other people's programs, public rows only, in XML and JSON.

Source: the specification at https://wiki.open311.org/GeoReport_v2/ with Service Discovery, the extensions ``page``,
``page_size`` and ``extensions=true`` listed there, and the addition ``servicerequestupdates`` that FixMyStreet reads.
What we decided where it leaves room: docs/adr/0015-open311.md.
"""

"""Alarms: evaluated as readings come in (``noting``) and as time passes (``time``), through one book of what stands
(``book``); what people do about them (``acts``), the work they make (``orders``), one for a village at once
(``storms``), who is told (``news``), and the rules that a county starts with (``rules``).
"""

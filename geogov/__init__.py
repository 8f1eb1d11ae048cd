"""Assembly: settings, addresses and entry points. Nothing imports it."""

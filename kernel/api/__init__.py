"""HTTP conventions of every API: errors, parameters, middleware."""

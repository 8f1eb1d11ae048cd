"""Values and pure rules that every app stands on: no models, no imports of other apps."""

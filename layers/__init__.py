"""The engine: one compiler from a LayerSpec to SQL, and its faces."""

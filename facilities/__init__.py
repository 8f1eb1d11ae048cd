"""Public facilities."""

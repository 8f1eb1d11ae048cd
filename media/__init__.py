"""Photos and files: sealed originals, public derivatives, moderation."""

"""The one pipeline of uploaded files: bytes in, checked facts and clean derivatives out. No models, no HTTP."""

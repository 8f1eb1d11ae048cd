# Aliases for those whose fingers type make. ./dev says what each does.
.PHONY: up test check bench stop reset
up test check bench stop reset:
	@./dev $@

"""Page shells; knows only registries."""

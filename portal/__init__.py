"""Page shells and short links; knows only registries."""

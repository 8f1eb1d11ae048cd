"""What holds for every layer, section and address, whoever adds it."""

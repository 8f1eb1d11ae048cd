"""County, township, village, grid; contacts; roads and water; gazetteer; the village panel."""

"""Work orders for any source: one machine, one due time, hand-back, evidence, supervision."""

"""Who waits for whom, who is lost for good and why, in facts, graphs and words."""

"""The web door: the edge answers for feeds, Flask for everything else."""

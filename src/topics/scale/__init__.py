"""The stages of an experiment over the partitions of a corpus that no memory holds: here or on workers of dask."""

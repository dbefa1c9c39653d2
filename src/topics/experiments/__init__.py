"""An experiment is a file of settings; what one execution of it leaves is a run."""

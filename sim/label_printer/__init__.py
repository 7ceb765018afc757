"""A label printer without hardware: takes jobs on a port, prints pictures, and can run out of paper."""

"""What edge and central say to each other; imports neither."""

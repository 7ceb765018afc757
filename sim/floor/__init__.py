"""A whole warehouse in processes: central, nodes, guards and simulated devices, with people on it."""

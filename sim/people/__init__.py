"""People of a simulated floor: they see lights and screens, and use their hands. Nothing else tells them anything."""

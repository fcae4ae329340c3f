"""What a district's own past teaches about its future, and how far that can be trusted."""

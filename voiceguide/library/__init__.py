"""What there is to hear beside single scripts, and where to turn."""

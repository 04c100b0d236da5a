"""Who speaks: engines, the clips they give, and who stands in."""

"""Speaking in another process, which may crash, hang or leave things behind."""

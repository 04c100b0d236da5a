"""Sessions for many listeners: rendered once, cached whole, read from any byte. Independent of the web."""

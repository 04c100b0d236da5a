"""Controls beside this program's own keys: media keys, buttons of a headset, and spoken words."""

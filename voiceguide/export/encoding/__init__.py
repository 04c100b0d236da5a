"""From blocks to encoded bytes, in segments that can each be made alone."""

"""Forms that voices read wrong, in lines as people write them, and what is to be heard."""

from __future__ import annotations

from typing import Final

FORMS: Final = {
    "This is 5-4-3-2-1.": "This is 5 4 3 2 1.",
    "Try *4-7-8* breathing.": "Try *4 7 8* breathing.",
    "Use the 4/7/8 breath.": "Use the 4 7 8 breath.",
    "At 10:30 we stop.": "At 10 30 we stop.",
    "At 10:00 we stop.": "At 10 o'clock we stop.",
    "At 10:05 am we stop.": "At 10 oh 5 A-M we stop.",
    "At 10 p.m. we stop.": "At 10 P-M we stop.",
    "At 7 a.m. Then rest.": "At 7 A-M. Then rest.",
    "From 9am-5pm, or 6–8pm.": "From 9 A-M to 5 P-M, or 6 to 8 P-M.",
    "Take 2-3 minutes.": "Take 2 to 3 minutes.",
    "Take 2 – 3 minutes.": "Take 2 to 3 minutes.",
    "About 1/2 of it.": "About a half of it.",
    "For 1/2 an hour, or 3/4 of one.": "For half an hour, or 3 quarters of one.",
    "About 2½ cups.": "About 2 and a half cups.",
    "Rate it 7/10 now.": "Rate it 7 out of 10 now.",
    "You & me.": "You and me.",
    "You and/or me, he/she.": "You and or me, he or she.",
    "Touch something, e.g. wood, now.": "Touch something, for example wood, now.",
    "Wood, glass, etc. are fine.": "Wood, glass, et cetera are fine.",
    "Wood, glass, etc. Notice it.": "Wood, glass, et cetera. Notice it.",
    "Dr. Smith is here.": "Doctor Smith is here.",
    "Mr. Smith and St. John.": "Mister Smith and Saint John.",
    "On Main St. we go.": "On Main Street we go.",
    "In the U.S. we sit.": "In the U-S we sit.",
    "The 1st, the 22nd, the 30th.": "The first, the twenty-second, the thirtieth.",
    "Part II of Chapter IV.": "Part 2 of Chapter 4.",
    "Henry VIII said.": "Henry the eighth said.",
    "It costs $500 today.": "It costs 500 dollars today.",
    "It costs $5.50 or £1.": "It costs 5 dollars 50 or 1 pound.",
    "Wait 5 min or 30 sec.": "Wait 5 minutes or 30 seconds.",
    "Wait 30s or 7m or 1h30m.": "Wait 30 seconds or 7 minutes or 1 hour 30 minutes.",
    "Walk 2.5km, or a 5-min walk.": "Walk 2 point 5 kilometres, or a 5 minute walk.",
    "About 50% of it, at 20°C.": "About 50 percent of it, at 20 degrees Celsius.",
    "In your 30s, or the 1990s.": "In your thirties, or the 19 nineties.",
    "Take 1,000 steps.": "Take 1000 steps.",
    "Breathe IN and OUT.": "Breathe in and out.",
    "LET US REST.": "let us rest.",
    "In the US or UK.": "In the U-S or U-K.",
    "You have PTSD or ADHD.": "You have P-T-S-D or A-D-H-D.",
    "Well...then we go.": "Well… then we go.",
    "Well . . . then we go.": "Well… then we go.",
    "...and rest.": "and rest.",
    "Let go (if you like) of it.": "Let go, if you like, of it.",
    "Yes 🙂 it is.": "Yes it is.",
}
"""Lines, and what an engine with no column of its own is given."""

PLAIN: Final = (
    "Notice your feet. Both of them, on the floor.",
    "I am here; so are you: well-worn, and “fine”.",
    "Name 5 things you can see from here.",
    "So do I. And you?",
    "Is it *warm*? Maybe… Now rest.",
)
"""Lines that are read right as they are."""

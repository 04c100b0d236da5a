"""The project's own sounds, made from nothing but arithmetic and a seed.

``python -m tools.synthesis`` writes every file of ``audio_assets``; names after it make only those. Every
loop is made on a circle: noise is shaped in the frequency domain, whose inverse transform is periodic, and
events that run over the end go on at the start. So no loop has a join, and nothing has to be crossfaded.
"""
